// What axe-core finds in each state of the page: nothing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });
let axeSource;
before(async () => {
    axeSource = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
});

// `state`: for whoever reads the failure.
async function isClean(visitor, state) {
    if (!await visitor.page.evaluate(() => 'axe' in globalThis)) {
        await visitor.page.evaluate(axeSource);
    }
    const found = await visitor.page.evaluate(async () => {
        const { violations } = await globalThis.axe.run({ resultTypes: ['violations'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    });
    assert.deepEqual(found, [], state);
}

async function isCleanEverywhere(visitor, message) {
    await isClean(visitor, 'at first');
    await visitor.write(message);
    await visitor.answered(`echo: ${message}`);
    await visitor.bubble('member', message).click();
    await isClean(visitor, 'a message that is chosen');
    for (const kind of ['callback_sent', 'agent_begun']) {
        await visitor.step(kind).getByRole('button').first().click();
    }
    await visitor.get('open-run-again').click();
    await visitor.get('run-again').click();
    await visitor.get('trial-verdict').waitFor();
    await isClean(visitor, 'bytes, and an agent that has run again');
    await visitor.get('outbox').click();
    await visitor.get('outbox-counts').waitFor();
    await visitor.openFaults();
    await isClean(visitor, 'what is kept, and what can be broken');
    await visitor.fault('invisible').click();
    await visitor.write(`${message} aside`);
    await visitor.get('letter').first().waitFor();
    await visitor.fault('invisible').click();
    await visitor.get('outage').click();
    await visitor.write(`${message} later`);
    await visitor.get('outbox-waiting').first().waitFor();
    await isClean(visitor, 'what waits, and what was set aside');
    await visitor.get('doctor').click();
    await visitor.get('doctor-again').and(visitor.page.locator(':enabled')).waitFor();
    await isClean(visitor, 'what doctor finds');
    await visitor.get('close').click();
    await visitor.get('outage').click();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/nowhere/agent');
    await visitor.get('agent-test').click();
    await visitor.get('trial-verdict').and(visitor.page.locator('dialog *')).waitFor();
    await visitor.get('agent-use').click();
    await visitor.page.locator('dialog form > .complaint').waitFor();
    await isClean(visitor, 'an agent that can\'t run');
    await visitor.get('agent-use').hover();
    await isClean(visitor, 'what the mouse is at');
    await visitor.get('close').click();
    await visitor.get('tab-everything').click();
    await isClean(visitor, 'everything');
}

test('in the light', async () => {
    const visitor = await used.visit({ colorScheme: 'light' });
    await isCleanEverywhere(visitor, 'by day');
    await visitor.close();
});

test('in the dark, in Chinese', async () => {
    const visitor = await used.visit({ colorScheme: 'dark', locale: 'zh-CN' });
    await isCleanEverywhere(visitor, 'by night');
    await visitor.close();
});

test('on a phone', async () => {
    const visitor = await used.visit({ viewport: { width: 390, height: 844 } });
    await isClean(visitor, 'the chats');
    await visitor.get('pane-chat').click();
    await isClean(visitor, 'a chat');
    await visitor.get('pane-wire').click();
    await visitor.get('outbox').click();
    await visitor.get('outbox-counts').waitFor();
    await isClean(visitor, 'the wire');
    await visitor.close();
});
