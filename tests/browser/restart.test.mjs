// The simulator is started again: what was seen before is there, and what was under way goes on.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAA' +
    'AElFTkSuQmCC', 'base64');
const example = fileURLToPath(new URL('../../examples/agents/leave.py', import.meta.url));

// The simulator ends in one of its ways, and begins anew; a page of before misses it.
async function again(visitor, ended) {
    await visitor.context.close();
    await ended;
    await used.simulator.begin();
    return used.visit();
}

test('chats, pictures, steps and their bytes are there, and a callback is replayed', async () => {
    const first = await used.visit();
    await first.write('from before');
    await first.answered('echo: from before');
    await first.page.locator('#file').setInputFiles(
        { name: 'red.png', mimeType: 'image/png', buffer: pixel });
    await first.get('attachment').waitFor();
    await first.get('send').click();
    await first.answered('echo: [sent a picture]');

    const visitor = await again(first, used.simulator.end());
    await visitor.answered('echo: from before');
    const picture = visitor.page.locator('[data-testid=bubble] img').first();
    assert.ok(await picture.evaluate(
        (image) => image.decode().then(() => image.naturalWidth)) > 0);
    await visitor.bubble('member', 'from before').first().click();
    await visitor.step('delivered').waitFor();
    const kinds = await visitor.get('wire-step').evaluateAll(
        (steps) => steps.map((step) => step.dataset.kind));
    assert.ok(kinds.indexOf('callback_sent') < kinds.indexOf('committed'), kinds.join());
    assert.ok(kinds.indexOf('committed') < kinds.indexOf('callback_answered'), kinds.join());
    await visitor.step('callback_sent').click();
    await visitor.get('replay').click();
    await visitor.step('known_already').waitFor();
    await visitor.write('from after');
    await visitor.answered('echo: from after');
    const numbers = await visitor.get('bubble').evaluateAll(
        (bubbles) => bubbles.map((bubble) => Number(bubble.dataset.number)));
    assert.deepEqual(numbers, [...numbers].sort((one, other) => one - other));
    assert.equal(new Set(numbers).size, 6);
    await visitor.close();
});

test('a message whose agent was stopped with the gateway waits, and is answered later', async () => {
    const visitor = await used.visit();
    await visitor.useAgent(
        '/bin/sh', '-c', 'grep -q \'"redelivered":true\' && exec echo late; exec sleep 60');
    await visitor.write('who stopped?');
    await visitor.step('agent_begun').waitFor();
    const config = await used.simulator.config();
    await used.simulator.writeConfig(`${config}\nnonsense: 1\n`);
    await visitor.get('restart').click();
    await visitor.gateway('ended');
    await visitor.step('agent_interrupted').waitFor();
    await visitor.get('waiting').filter({ hasText: 'The gateway is down' }).waitFor();
    await visitor.get('banner').filter({ hasText: /^The gateway ended .*nonsense: unknown key/ })
        .waitFor();
    await used.simulator.writeConfig(config);
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.answered('late');
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('what was at work when the simulator was killed is answered under its message', async () => {
    const first = await used.visit();
    await first.useAgent('/bin/sh', '-c', `[ -e ${used.simulator.folder}/go ] || sleep 600; ` +
                                          'echo at last');
    await first.write('a long one');
    await first.step('agent_begun').waitFor();
    const { number } = await first.bubble('member', 'a long one')
        .evaluate((bubble) => bubble.dataset);
    await writeFile(join(used.simulator.folder, 'go'), '');

    const visitor = await again(first, used.simulator.kill());
    await visitor.answered('at last');
    assert.equal(await visitor.bubble('app', 'at last').getAttribute('data-answers'), number);
    await visitor.bubble('app', 'at last').click();
    await visitor.step('delivered').waitFor();
    assert.equal(await visitor.step('agent_begun').count(), 2);
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a card from before is pressed, and closed', async () => {
    const first = await used.visit();
    await first.useJsonAgent('python3', example);
    await first.write('leave 2026-12-01');
    await first.answered('Take the day off?');

    const visitor = await again(first, used.simulator.end());
    const card = visitor.bubble('app', 'Take the day off?');
    await card.getByRole('button', { name: 'Take it' }).click();
    await visitor.answered('Enjoy your day.');
    await card.getByRole('button', { name: 'Do not' }).waitFor({ state: 'detached' });
    assert.equal(await card.getByRole('button', { name: 'Take it' }).isDisabled(), true);
    await visitor.close();
});

test('a gateway whose port somebody has taken meanwhile starts at another', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('echo');
    await visitor.putToWork();
    const lines = (await used.simulator.log()).matchAll(/listening on 127\.0\.0\.1:(\d+)/gu);
    const port = Number([...lines].at(-1)[1]);
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    const another = createServer();
    await new Promise((resolve) => another.listen(port, '127.0.0.1', resolve));
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.write('to the new door');
    await visitor.answered('to the new door');
    assert.ok(!(await used.simulator.log()).includes('address already in use'));
    another.close();
    await visitor.close();
});
