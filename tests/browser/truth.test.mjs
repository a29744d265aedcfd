// What the page says when something is not as usual.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('an agent that fails is a step with the reason, in red', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c', 'echo no idea >&2; exit 3');
    await visitor.write('will fail');
    const step = visitor.step('agent_failed');
    await step.filter({ hasText: 'exited with status 3: no idea' }).waitFor();
    assert.equal(await step.getAttribute('data-tone'), 'bad');
    await visitor.close();
});

test('an agent that has nothing to say is no message that waits', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/true');
    await visitor.write('say nothing');
    await visitor.step('agent_silent').waitFor();
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a reply hangs under the message that it answers, also after a kill', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c', 'grep -q slow && sleep 2; echo done');
    await visitor.write('a slow one');
    await visitor.step('agent_begun').waitFor();
    await visitor.get('waiting').filter({ hasText: 'The agent works' }).waitFor();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.get('waiting').filter({ hasText: 'The gateway is down' }).waitFor();
    await visitor.write('written while it was dead');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.answered('done');
    const slow = await visitor.bubble('member', 'a slow one').getAttribute('data-number');
    assert.equal(await visitor.bubble('app', 'done').getAttribute('data-answers'), slow);
    await visitor.bubble('app', 'done').click();
    await visitor.step('delivered').waitFor();
    assert.equal(await visitor.step('agent_begun').count(), 2);
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('an answer to an event hangs under it, and the event says what it was', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c',
                           'grep -q \'"kind":"event"\' && sleep 2 && exec echo clicked; echo written');
    await visitor.get('send-event').click();
    await visitor.get('dialog-event').locator('[name=key]').fill('approve');
    await visitor.get('submit').click();
    const click = visitor.bubble('member', 'clicks a menu item (click)');
    await click.filter({ hasText: 'approve' }).waitFor();
    await visitor.step('agent_begun').waitFor();
    await visitor.write('written meanwhile');
    await visitor.answered('clicked');
    await visitor.answered('written');
    const number = await click.getAttribute('data-number');
    assert.equal(await visitor.bubble('app', 'clicked').getAttribute('data-answers'), number);
    await visitor.get('send-event').click();
    await visitor.get('dialog-event').locator('[name=event]').selectOption('subscribe');
    await visitor.get('submit').click();
    await visitor.bubble('member', 'follows the app (subscribe)').waitFor();
    await visitor.close();
});

test('a reply that waits says why, and since when', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/echo', 'at last');
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.write('during an outage');
    await visitor.step('put_off').first().waitFor();
    await visitor.get('waiting').filter({ hasText: /The reply waits until \d\d:/ })
        .waitFor();
    await visitor.get('outage').click();
    await visitor.answered('at last');
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a reply in parts is not done while one of them waits', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/usr/bin/seq', '1', '1000');
    await visitor.openFaults();
    await visitor.fault('slow-api').click();
    await visitor.write('count to a thousand');
    await visitor.step('delivered').waitFor();
    await visitor.get('outage').click();
    await visitor.step('put_off').first().waitFor();
    await visitor.get('waiting').filter({ hasText: 'The reply waits' }).waitFor();
    await visitor.fault('slow-api').click();
    await visitor.get('outage').click();
    await visitor.step('accepted').waitFor();
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.answered('1000');
    await visitor.close();
});

test('what a message waits for is known however much has happened since', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sleep', '60');
    await visitor.write('this takes long');
    await visitor.step('agent_begun').waitFor();
    await visitor.seeStepsOfOthers(6000);
    await visitor.get('waiting').filter({ hasText: 'The agent works' }).waitFor();
    await visitor.page.reload();
    await visitor.write('/stop');
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a port that is changed in the configuration is taken by the next start', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/echo', 'found you');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    const config = await used.simulator.config();
    assert.match(config, /port: \d+/u);
    await used.simulator.writeConfig(config.replace(/port: \d+/u, `port: ${port}`));
    await visitor.restartGateway();
    await visitor.write('are you there?');
    await visitor.answered('found you');
    await visitor.close();
});

test('a port that somebody took while the gateway was down is left to them', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/echo', 'found you again');
    const [, port] = (await used.simulator.config()).match(/port: (\d+)/u);
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.write('where are you now?');
    await visitor.answered('found you again');
    server.close();
    await visitor.close();
});

test('an address ends where the sentence around it goes on', async () => {
    const visitor = await used.visit();
    await visitor.write('see (http://127.0.0.1/docs_(old)), or http://127.0.0.1/new.');
    const links = visitor.bubble('member', 'docs_(old)').locator('a');
    assert.deepEqual(await links.evaluateAll((all) => all.map(({ href }) => href)),
                     ['http://127.0.0.1/docs_(old)', 'http://127.0.0.1/new']);
    await visitor.close();
});

test('nothing is said of the gateway when the simulator is gone, and the icons stay', async () => {
    const visitor = await used.visit();
    await used.simulator.end();
    await visitor.gateway('unknown');
    const icons = visitor.page.locator('#gateway use');
    assert.ok(await icons.evaluateAll((all) => all.every(
        (use) => document.querySelector(use.getAttribute('href')) !== null)));
    await used.simulator.begin();
    await visitor.gateway('ready');
    visitor.complaints.length = 0;  // of the connection that was lost
    await visitor.close();
});
