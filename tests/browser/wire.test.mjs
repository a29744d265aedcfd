// The wire: every step of a message, down to the bytes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('a message has every step from callback to delivery, each once', async () => {
    const visitor = await used.visit();
    await visitor.write('follow me');
    await visitor.answered('echo: follow me');
    await visitor.step('delivered').waitFor();
    for (const kind of ['callback_sent', 'committed', 'handed_over', 'callback_answered',
                        'reply_stored', 'token_issued', 'message_sent', 'delivered']) {
        await visitor.step(kind).first().waitFor();
        assert.equal(await visitor.step(kind).count(), 1, kind);
    }
    await visitor.close();
});

test('what a step depends on stands above it', async () => {
    const visitor = await used.visit();
    for (let i = 1; i <= 12; ++i) {
        await visitor.write(`in order ${i}!`);
        await visitor.answered(`echo: in order ${i}!`);
        await visitor.step('delivered').waitFor();
        const kinds = await visitor.page.locator('[data-testid=wire-step]').evaluateAll(
            (steps) => steps.map((step) => step.dataset.kind));
        for (const [first, then] of [['callback_sent', 'committed'],
                                     ['committed', 'callback_answered'],
                                     ['reply_stored', 'message_sent'],
                                     ['message_sent', 'delivered']]) {
            assert.ok(kinds.indexOf(first) < kinds.indexOf(then), `${first} < ${then}: ${kinds}`);
        }
    }
    await visitor.close();
});

test('a step opens to its bytes: encrypted, decrypted, and no secret among them', async () => {
    const visitor = await used.visit();
    await visitor.write('look inside 你好');
    await visitor.answered('echo: look inside 你好');
    await visitor.step('message_sent').waitFor();
    const callback = visitor.step('callback_sent');
    await callback.getByRole('button').first().click();
    await callback.getByTestId('bytes').filter({ hasText: '<Encrypt>' }).waitFor();
    await callback.getByRole('tab', { name: /decrypted/i }).click();
    await callback.getByTestId('bytes').filter({ hasText: 'look inside 你好' }).waitFor();
    const sent = visitor.step('message_sent');
    await sent.getByRole('button').first().click();
    const bytes = sent.getByTestId('bytes');
    await bytes.filter({ hasText: '"touser"' }).waitFor();
    assert.match(await bytes.innerText(), /access_token=\*\*\*\*/);
    const everything = await visitor.page.locator('body').innerText();
    for (const secret of (await used.simulator.config()).matchAll(
        /(?:corp_secret|token|encoding_aes_key): (\S+)/g)) {
        assert.ok(!everything.includes(secret[1]));
    }
    await visitor.close();
});

test('a callback is copied as a curl command that the gateway takes, as a repeat', async () => {
    const visitor = await used.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
    await visitor.write('it\'s me');
    await visitor.answered('echo: it\'s me');
    const callback = visitor.step('callback_sent');
    await callback.getByRole('button').first().click();
    await callback.getByTestId('copyCurl').click();
    await callback.getByTestId('copyCurl').filter({ hasText: 'Copied' }).waitFor();
    const command = await visitor.page.evaluate(() => navigator.clipboard.readText());
    assert.match(command, /^curl .*'http:.*msg_signature=.*'$/u);
    const { stderr, stdout } = await promisify(execFile)(
        'sh', ['-c', `${command} --write-out '%{http_code}'`]);
    assert.equal(stderr, '');
    assert.match(stdout, /200$/u);
    await visitor.write('and now?');
    await visitor.answered('echo: and now?');
    assert.equal(await visitor.bubble('app', 'echo: it\'s me').count(), 1);
    await visitor.close();
});

test('an older message keeps its steps, and a click on its bubble shows them', async () => {
    const visitor = await used.visit();
    await visitor.write('the older one');
    await visitor.answered('echo: the older one');
    await visitor.write('the newer one');
    await visitor.answered('echo: the newer one');
    await visitor.bubble('member', 'the older one').getByTestId('content').click();
    await visitor.page.locator('#wire-subject').filter({ hasText: 'the older one' }).waitFor();
    await visitor.step('delivered').waitFor();
    assert.equal(await visitor.step('callback_sent').count(), 1);
    await visitor.get('follow').click();
    await visitor.page.locator('#wire-subject').filter({ hasText: 'the newer one' }).waitFor();
    await visitor.close();
});

test('steps that the page has forgotten are fetched, as often as they are asked for', async () => {
    const visitor = await used.visit();
    await visitor.write('from long ago');
    await visitor.answered('echo: from long ago');
    await visitor.step('delivered').waitFor();
    await visitor.write('from now');
    await visitor.step('delivered').waitFor();
    for (let time = 0; time < 2; time += 1) {
        await visitor.seeStepsOfOthers(6000);
        await visitor.bubble('member', 'from long ago').getByTestId('content').click();
        await visitor.step('delivered').waitFor();
        await visitor.get('follow').click();
    }
    await visitor.close();
});

test('"Everything" shows all chats as it happens', async () => {
    const visitor = await used.visit();
    await visitor.get('tab-everything').click();
    used.simulator.type('somebody else');
    await visitor.page.locator('[data-testid=wire-step]').filter({ hasText: 'zhangsan' }).first()
        .waitFor();
    await visitor.close();
});

test('"Everything" is searched by what was written and answered, and shows trouble alone', async () => {
    const visitor = await used.visit();
    await visitor.write('a needle in the hay');
    await visitor.answered('echo: a needle in the hay');
    await visitor.page.locator('#tab-everything').click();
    await visitor.get('filter').fill('NEEDLE');
    await visitor.step('committed').first().waitFor();
    assert.equal(await visitor.step('committed').count(), 1);
    assert.equal(await visitor.step('message_sent').count(), 1);
    await visitor.get('only-trouble').click();
    assert.equal(await visitor.page.getByTestId('wire-step').count(), 0);
    await visitor.get('filter').fill('');
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.step('outage_began').waitFor();
    await visitor.get('outage').click();
    assert.equal(await visitor.step('committed').count(), 0);
    await visitor.close();
});
