// What the gateway keeps: what waits, what was set aside, and doctor.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

async function openOutbox(visitor) {
    await visitor.get('outbox').click();
    await visitor.get('outbox-counts').waitFor();
}

// One of its numbers: waiting, in work, retried, set aside.
const cell = (visitor, side, column) => visitor.get(`outbox-${side}`).locator('td').nth(column);

async function toBe(locator, text) {
    await locator.filter({ hasText: new RegExp(`^${text}$`, 'u') }).waitFor();
}

test('nothing waits, and it says so', async () => {
    const visitor = await used.visit();
    await openOutbox(visitor);
    await visitor.get('outbox-empty').waitFor();
    assert.equal(await visitor.get('outbox-count').isVisible(), false);
    await visitor.close();
});

test('a reply that waits is listed with its reason, and leads to its steps', async () => {
    const visitor = await used.visit();
    await openOutbox(visitor);
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.write('kept for later');
    const waiting = visitor.get('outbox-waiting').filter({ hasText: 'kept for later' });
    await waiting.filter({ hasText: /The reply waits until \d\d:\d\d:\d\d: WeCom could not be reached/ })
        .waitFor();
    await toBe(cell(visitor, 'outbox', 2), 1);
    await visitor.get('outbox-count').filter({ hasText: '1 waiting' }).waitFor();
    await visitor.chat('it-help').click();
    await waiting.click();
    await visitor.page.locator('#wire-subject').filter({ hasText: 'kept for later' }).waitFor();
    assert.equal(await visitor.chat('assistant').getAttribute('aria-current'), 'true');
    await visitor.get('outage').click();
    await visitor.answered('echo: kept for later');
    await visitor.get('outbox-empty').waitFor();
    await visitor.close();
});

test('what waits is counted while the gateway is down, from its database', async () => {
    const visitor = await used.visit();
    await openOutbox(visitor);
    await visitor.useAgent('/bin/sh', '-c', 'sleep 1; echo done');
    await visitor.write('one to do');
    await visitor.step('agent_begun').waitFor();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.get('outbox-waiting').filter({ hasText: 'The gateway is down' }).waitFor();
    await visitor.get('outbox-count').filter({ hasText: '1 waiting' }).waitFor();
    await visitor.get('restart').click();
    await visitor.answered('done');
    await visitor.get('outbox-empty').waitFor();
    await visitor.close();
});

test('what waits from before a restart of the simulator is listed, too', async () => {
    const before = await used.visit();
    await before.useAgent('/bin/sleep', '600');
    await before.write('a question from before');
    await before.step('agent_begun').waitFor();
    await before.write('and one behind it');
    await before.step('committed').waitFor();
    await before.context.close();  // what it misses of the simulator is no complaint
    await used.simulator.end();
    await used.simulator.begin();
    const visitor = await used.visit();
    await openOutbox(visitor);
    const waiting = visitor.get('outbox-waiting');
    const first = waiting.filter({ hasText: 'a question from before' });
    await first.filter({ hasText: 'The agent works' }).waitFor();
    assert.match(await first.innerText(), /Inbox · in-\d+ · assistant · 张三 · /u);
    await waiting.filter({ hasText: 'and one behind it' })
        .filter({ hasText: 'Waits for its turn' }).waitFor();
    assert.equal(await waiting.count(), 2);
    await visitor.useAgent('/bin/echo', 'at last');
    await visitor.bubble('app', 'at last').nth(1).waitFor();
    await visitor.get('outbox-empty').waitFor();
    assert.equal(await waiting.count(), 0);
    await visitor.close();
});

// Replies that no retry of the gateway would bring to the member.
async function setAside(visitor, ...texts) {
    await visitor.openFaults();
    await visitor.fault('invisible').click();
    for (const text of texts) {
        await visitor.write(text);
        await visitor.step('set_aside').waitFor();
    }
    await visitor.fault('invisible').click();
}

test('what was set aside says why under its message, and is retried by a button', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('echo');
    await visitor.putToWork();
    await setAside(visitor, 'nobody sees this');
    await visitor.get('waiting').filter({ hasText: /Set aside: .*81013/u }).waitFor();
    await visitor.get('outbox-count').filter({ hasText: '1 set aside' }).waitFor();
    await visitor.get('waiting-retry').click();
    const letter = visitor.get('letter').filter({ hasText: '81013' });
    await letter.waitFor();
    assert.match(await letter.innerText(), /out-\d+ · assistant/u);
    await letter.getByTestId('retry').click();
    await visitor.bubble('app', 'nobody sees this').waitFor();
    await letter.waitFor({ state: 'detached' });
    await visitor.get('outbox-empty').waitFor();
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('all that was set aside is retried at once, with the keyboard', async () => {
    const visitor = await used.visit();
    await setAside(visitor, 'the first of two', 'the second of two');
    await openOutbox(visitor);
    await visitor.get('letter').nth(1).waitFor();
    await visitor.get('retry-all').focus();
    await visitor.page.keyboard.press('Enter');
    await visitor.get('toast').filter({ hasText: '2 dead letters will be tried again' }).waitFor();
    await visitor.bubble('app', 'the first of two').waitFor();
    await visitor.bubble('app', 'the second of two').waitFor();
    await visitor.get('outbox-empty').waitFor();
    await visitor.close();
});

test('doctor says that all is well, line by line', async () => {
    const visitor = await used.visit();
    await visitor.get('doctor').click();
    await visitor.get('doctor-summary').filter({ hasText: /^All is well/u }).waitFor();
    const findings = await visitor.get('finding').allInnerTexts();
    assert.ok(findings.some((text) => text.includes('app assistant: access token')));
    assert.ok(findings.some((text) => text.includes('clock')));
    assert.equal(await visitor.page.locator('[data-testid=finding][data-verdict=ok]').count(),
                 findings.length);
    assert.equal(new Set(findings).size, findings.length);
    await visitor.close();
});

test('in Chinese doctor speaks Chinese', async () => {
    const visitor = await used.visit({ locale: 'zh-CN' });
    await visitor.get('doctor').click();
    await visitor.get('doctor-again').and(visitor.page.locator(':enabled')).waitFor();
    const findings = await visitor.get('finding').allInnerTexts();
    assert.ok(findings.some((text) => text.includes('企业微信接受 corp_id 和 corp_secret')));
    for (const text of findings) {
        assert.doesNotMatch(text, /[a-z]{2,} [a-z]{2,} [a-z]{2,}/u);
    }
    await visitor.close();
});

test('what doctor finds wrong is red, and right again after it is mended', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.fault('no-token').click();
    await visitor.get('doctor').click();
    const failed = visitor.page.locator('[data-testid=finding][data-verdict=failed]');
    await failed.filter({ hasText: 'WeCom refuses corp_id and corp_secret' }).first().waitFor();
    await visitor.get('doctor-summary').filter({ hasText: /^\d+ failed/u }).waitFor();
    await visitor.get('close').click();
    await visitor.fault('no-token').click();
    await visitor.get('doctor').click();
    await visitor.get('doctor-summary').filter({ hasText: /^All is well/u }).waitFor();
    assert.equal(await failed.count(), 0);
    await visitor.close();
});

test('a configuration that can\'t be read is told in a sentence', async () => {
    const visitor = await used.visit();
    const before = await used.simulator.config();
    await used.simulator.writeConfig('platforms: [');
    await visitor.get('outbox').click();
    await visitor.get('outbox-problem').filter({ hasText: 'config.yaml' }).waitFor();
    await visitor.get('doctor').click();
    await visitor.get('doctor-summary').filter({ hasText: 'config.yaml' }).waitFor();
    await used.simulator.writeConfig(before);
    await visitor.close();
});
