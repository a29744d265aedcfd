// A question of the agent: asked with buttons, answered with a press, and with a number in WeChat.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });
const example = fileURLToPath(new URL('../../examples/agents/leave.py', import.meta.url));

test('a button is pressed, the card is closed, and the agent hears what was chosen', async () => {
    const visitor = await used.visit();
    await visitor.useJsonAgent('python3', example);
    await visitor.write('leave 2026-12-01');
    await visitor.answered('Let me see who else is away');
    const card = visitor.bubble('app', 'Take the day off?');
    await card.getByRole('button', { name: 'Do not' }).waitFor();
    await card.getByRole('button', { name: 'Take it' }).click();
    await visitor.bubble('member', 'Take it').waitFor();
    await visitor.answered('Enjoy your day.');
    await visitor.bubble('app', 'leave 2026-12-01.ics').waitFor();
    const closed = card.getByRole('button', { name: 'Take it' });
    await card.getByRole('button', { name: 'Do not' }).waitFor({ state: 'detached' });
    assert.equal(await closed.isDisabled(), true);
    await visitor.close();
});

test('in WeChat the choices are numbered lines, and a number answers', async () => {
    const visitor = await used.visit();
    await used.simulator.setUp('      choices: text\n');
    await visitor.useJsonAgent('python3', example);
    await visitor.get('client-wechat').click();
    await visitor.write('leave 2026-12-02');
    const question = visitor.bubble('app', '02 December 2026');
    await question.filter({ hasText: '1. Take it' }).filter({ hasText: '2. Do not' }).waitFor();
    await visitor.get('composer-text').fill('2');
    await visitor.get('composer-text').press('Enter');
    await visitor.answered('Then you are expected.');
    await visitor.close();
});
