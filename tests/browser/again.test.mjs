// A message, and a callback, once more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });
const field = (visitor) => visitor.get('composer-text');

test('a message is sent again as a new one, by its button', async () => {
    const visitor = await used.visit();
    await visitor.write('say it twice');
    await visitor.answered('echo: say it twice');
    await visitor.bubble('member', 'say it twice').hover();
    await visitor.bubble('member', 'say it twice').getByTestId('sendAgain').click();
    await visitor.bubble('app', 'echo: say it twice').nth(1).waitFor();
    const [first, second] = await visitor.bubble('member', 'say it twice').all();
    assert.notEqual(await first.getAttribute('data-number'),
                    await second.getAttribute('data-number'));
    await visitor.close();
});

test('a place, which has no text, is sent again with all that is in it', async () => {
    const visitor = await used.visit();
    await visitor.get('send-location').click();
    await visitor.page.locator('[name=label]').fill('Gate 7');
    await visitor.get('submit').click();
    await visitor.answered('Gate 7');
    await visitor.bubble('member', 'Gate 7').hover();
    assert.equal(await visitor.bubble('member', 'Gate 7').getByTestId('editAgain').count(), 0);
    await visitor.bubble('member', 'Gate 7').getByTestId('sendAgain').click();
    await visitor.bubble('app', 'Gate 7').nth(1).waitFor();
    const sent = visitor.step('callback_sent');
    await sent.getByRole('button').first().click();
    await sent.getByRole('tab', { name: /decrypted/i }).click();
    await sent.getByTestId('bytes').filter({ hasText: '<Location_X>23.10647' }).waitFor();
    await visitor.close();
});

test('a message is changed before it is sent again, with the keyboard alone', async () => {
    const visitor = await used.visit();
    await visitor.write('spelled wrnog');
    await visitor.answered('echo: spelled wrnog');
    await visitor.bubble('member', 'spelled wrnog').focus();
    await visitor.page.keyboard.press('Tab');
    await visitor.page.keyboard.press('Tab');
    await visitor.page.keyboard.press('Enter');
    assert.equal(await field(visitor).inputValue(), 'spelled wrnog');
    assert.ok(await field(visitor).evaluate((node) => node === document.activeElement));
    await visitor.write('spelled right');
    await visitor.answered('echo: spelled right');
    await visitor.close();
});

test('what was being written is not lost to a message that is edited', async () => {
    const visitor = await used.visit();
    await visitor.write('the sent one');
    await visitor.answered('echo: the sent one');
    await field(visitor).pressSequentially('half a thought');
    await visitor.bubble('member', 'the sent one').hover();
    await visitor.bubble('member', 'the sent one').getByTestId('editAgain').click();
    assert.equal(await field(visitor).inputValue(), 'the sent one');
    await visitor.page.keyboard.press('Control+z');
    assert.equal(await field(visitor).inputValue(), 'half a thought');
    await field(visitor).fill('');
    await visitor.close();
});

test('the arrow up in an empty field brings back what was written last', async () => {
    const visitor = await used.visit();
    await visitor.write('once more, please');
    await visitor.answered('echo: once more, please');
    await field(visitor).press('ArrowUp');
    assert.equal(await field(visitor).inputValue(), 'once more, please');
    await field(visitor).press('ArrowUp');  // it moves in the text now
    await field(visitor).press('Enter');
    await visitor.bubble('app', 'echo: once more, please').nth(1).waitFor();
    await visitor.close();
});

test('a callback that is replayed is known already, and the member sees nothing of it', async () => {
    const visitor = await used.visit();
    await visitor.write('only once');
    await visitor.answered('echo: only once');
    const sent = visitor.step('callback_sent');
    await sent.getByRole('button').first().click();
    await sent.getByTestId('replay').click();
    await visitor.step('callback_replayed').waitFor();
    await visitor.step('known_already').waitFor();
    assert.equal(await visitor.step('callback_answered').count(), 2);
    const bytes = (kind) => visitor.step(kind).getByTestId('bytes').innerText();
    await visitor.step('callback_replayed').getByRole('button').first().click();
    await visitor.step('callback_replayed').getByTestId('bytes').waitFor();
    assert.equal(await bytes('callback_replayed'), await bytes('callback_sent'));
    await visitor.write('and then');
    await visitor.answered('echo: and then');
    assert.equal(await visitor.bubble('app', 'echo: only once').count(), 1);
    assert.equal(await visitor.bubble('member', 'only once').count(), 1);
    await visitor.close();
});

test('a message that nobody had taken is answered once its callback is replayed', async () => {
    const visitor = await used.visit();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.write('to nobody');
    const bubble = visitor.bubble('member', 'to nobody');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.step('callback_sent').last().getByRole('button').first().click();
    await visitor.step('callback_sent').last().getByTestId('replay').click();
    await visitor.answered('echo: to nobody');
    assert.equal(await bubble.getAttribute('data-state'), 'acknowledged');
    await visitor.close();
});
