// More than one tab, and a simulator that goes and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('more tabs than a browser has connections: each sees everything, each can write', async () => {
    const visitor = await used.visit();
    const tabs = [visitor];
    while (tabs.length < 8) {
        tabs.push(await visitor.openTab(used.simulator.url));
    }
    for (const [index, tab] of tabs.entries()) {
        await tab.write(`from tab ${index}`);
    }
    for (const tab of tabs) {
        await tab.answered(`echo: from tab ${tabs.length - 1}`);
        assert.equal(await tab.bubble('member', 'from tab').count(), tabs.length);
        assert.equal(await tab.bubble('app', 'from tab').count(), tabs.length);
    }
    // Whichever of them has its request held: another takes over.
    for (const tab of tabs.splice(0, tabs.length - 1)) {
        await tab.page.close();
    }
    used.simulator.type('typed when one tab is left');
    await tabs[0].answered('echo: typed when one tab is left');
    await visitor.close();
});

test('after a restart of the simulator only what nobody read is unread', async () => {
    const visitor = await used.visit();
    const second = await visitor.openTab(used.simulator.url);
    const badge = visitor.chat('it-help').getByTestId('unread');
    // The badges are of after the restart as soon as what is written then is answered.
    const restart = async (text) => {
        await used.simulator.end();
        await visitor.page.locator('[data-testid=banner][data-kind=lost]').waitFor();
        await used.simulator.begin();
        await visitor.page.locator('[data-testid=banner]').waitFor({ state: 'detached' });
        await visitor.write(text);
        await visitor.answered(`echo: ${text}`);
    };
    await second.chat('it-help').click();
    await second.write('to another app');
    await badge.filter({ hasText: /^1$/u }).waitFor();
    await restart('after the first restart');
    assert.equal(await badge.innerText(), '1');
    await visitor.page.reload();
    await badge.filter({ hasText: /^1$/u }).waitFor();
    await visitor.chat('it-help').click();
    await visitor.answered('echo: to another app');
    await visitor.chat('assistant').click();
    await badge.waitFor({ state: 'hidden' });
    await restart('after the second restart');
    assert.ok(await badge.isHidden());
    visitor.complaints.length = 0;  // of refused connections
    await visitor.close();
});

test('a page that is open goes on with a simulator that was started anew', async () => {
    const visitor = await used.visit();
    const second = await visitor.openTab(used.simulator.url);
    await visitor.write('before the restart');
    await visitor.answered('echo: before the restart');
    await used.simulator.end();
    for (const tab of [visitor, second]) {
        await tab.page.locator('[data-testid=banner][data-kind=lost]').waitFor();
    }
    await used.simulator.begin();
    for (const tab of [visitor, second]) {
        await tab.page.locator('[data-testid=banner]').waitFor({ state: 'detached' });
        await tab.answered('echo: before the restart');
        assert.equal(await tab.bubble('member', 'before the restart').count(), 1);
    }
    await visitor.write('after the restart');
    for (const tab of [visitor, second]) {
        await tab.answered('echo: after the restart');
        assert.equal(await tab.bubble('member', 'after the restart').count(), 1);
        assert.equal(await tab.bubble('app', 'after the restart').count(), 1);
    }
    assert.equal(await visitor.step('callback_sent').count(), 1);
    visitor.complaints.length = 0;  // of refused connections
    await visitor.close();
});

test('a page that has lost its key says at which address to open it', async () => {
    const visitor = await used.visit();
    await visitor.page.evaluate(() => localStorage.clear());
    await visitor.page.reload();
    const composer = visitor.get('composer-text');
    await composer.fill('from a page without a key');
    await composer.press('Enter');
    await visitor.page.getByText('Open the page at the address').waitFor();
    assert.equal(await composer.inputValue(), 'from a page without a key');
    await visitor.page.goto(used.simulator.url);
    await visitor.write('from a page that has it again');
    await visitor.answered('echo: from a page that has it again');
    visitor.complaints.length = 0;  // of the command that was refused
    await visitor.close();
});
