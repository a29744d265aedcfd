// At the door of an app: who opens it, its menu, and what it takes back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });
const inFolder = (name) => join(used.simulator.folder, name);

const menu = {
    button: [
        { name: 'Leave', type: 'click', key: 'leave' },
        {
            name: 'More',
            sub_button: [
                { name: 'Holidays', type: 'click', key: 'holidays' },
                { name: 'Scan', type: 'scancode_waitmsg', key: 'asset' },
                { name: 'Site', type: 'location_select', key: 'site' },
                { name: 'Album', type: 'pic_weixin', key: 'album' },
            ],
        },
    ],
};

// What an operator does beside the running gateway; rejects if it fails.
async function send(...args) {
    const { stdout } = await promisify(execFile)(
        process.env.HERMES_HOST_STUB,
        ['send', '--config', inFolder('config.yaml'), '--account', 'assistant', ...args],
        { env: { ...process.env, WECOM_CALLBACK_API_BASE: used.simulator.apiBase } });
    return stdout;
}

test('who opens a chat is seen to do so, and welcomed once the app has a welcome', async () => {
    const visitor = await used.visit();
    await visitor.get('entering').first().waitFor();
    assert.match(await visitor.get('entering').first().innerText(), /张三 opened the app/u);
    assert.equal(await visitor.get('example').count(), 3);  // nothing has been written yet
    await used.simulator.setUp('      welcome: "您好 **welcome**"\n      menu: {leave: I want to take leave}\n');
    await visitor.restartGateway();
    await visitor.chat('it-help').click();
    await visitor.answered('您好 welcome');
    await visitor.close();
});

test('a menu is there as soon as it is set, and what is chosen from it is answered', async () => {
    const visitor = await used.visit();
    assert.equal(await visitor.get('menu').isVisible(), false);
    await writeFile(inFolder('menu.json'), JSON.stringify(menu));
    assert.match(await send('--menu', inFolder('menu.json')), /the menu is set/u);
    await visitor.get('menu-item').filter({ hasText: 'Leave' }).click();
    await visitor.answered('echo: I want to take leave');
    await visitor.get('menu-section').click();
    await visitor.get('menu-item').filter({ hasText: 'Holidays' }).click();
    await visitor.answered('holidays');
    assert.equal(await visitor.get('menu-item').filter({ hasText: 'Scan' }).isVisible(), false);
    await visitor.close();
});

test('a code is scanned and a place chosen by way of the menu', async () => {
    const visitor = await used.visit();
    await visitor.get('menu-section').click();
    await visitor.get('menu-item').filter({ hasText: 'Scan' }).click();
    await visitor.page.locator('[name=scanned]').fill('asset 4711');
    await visitor.get('submit').click();
    await visitor.answered('asset 4711');
    await visitor.get('menu-section').click();
    await visitor.get('menu-item').filter({ hasText: 'Site' }).click();
    await visitor.page.locator('[name=label]').fill('Gate 7');
    await visitor.get('submit').click();
    await visitor.answered('Gate 7');
    await visitor.close();
});

test('a picture that an entry of the menu asks for can be chosen', async () => {
    const visitor = await used.visit();
    await visitor.get('menu-section').click();
    const [chooser] = await Promise.all([
        visitor.page.waitForEvent('filechooser'),
        visitor.get('menu-item').filter({ hasText: 'Album' }).click(),
    ]);
    await chooser.setFiles({
        name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('any file will do'),
    });
    await visitor.get('attachment').filter({ hasText: 'notes.txt' }).waitFor();
    await visitor.close();
});

test('Escape closes the menu and leaves the focus there', async () => {
    const visitor = await used.visit();
    await visitor.get('menu-section').click();
    const holidays = visitor.get('menu-item').filter({ hasText: 'Holidays' });
    await holidays.waitFor();
    await visitor.page.keyboard.press('Escape');
    await holidays.waitFor({ state: 'hidden' });
    assert.equal(await visitor.get('menu-section').evaluate(
        (section) => section === document.activeElement), true);
    await visitor.close();
});

test('a menu that is removed is gone from the page, and other apps never had it', async () => {
    const visitor = await used.visit();
    await visitor.get('menu').waitFor();
    await visitor.chat('it-help').click();
    await visitor.get('menu').waitFor({ state: 'hidden' });
    await visitor.chat('assistant').click();
    await visitor.get('menu').waitFor();
    assert.deepEqual(JSON.parse(await send('--menu-show')), menu);
    await send('--menu-delete');
    await visitor.get('menu').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('what an app takes back turns grey and says so', async () => {
    const visitor = await used.visit();
    const corp = await visitor.page.locator('.corp').first().getAttribute('data-corp');
    const sent = await send('--chat', `${corp}:zhangsan`, '--text', 'sent to the wrong person');
    await visitor.answered('sent to the wrong person');
    await send('--recall', sent.match(/message id (\S+)/u)[1]);
    await visitor.page.locator('[data-testid=bubble][data-state=recalled]')
        .filter({ hasText: 'The app took this back' }).waitFor();
    await visitor.close();
});

test('a message to a department reaches each of its members in a chat of their own', async () => {
    await used.simulator.setUp('      broadcast: true\n');
    const [zhangsan, lisi] = await Promise.all([used.visit(), used.visit()]);
    await lisi.member('lisi').click();
    const corp = await lisi.page.locator('.corp').first().getAttribute('data-corp');
    await send('--chat', `${corp}:party/2`, '--text', 'lunch is here');
    await zhangsan.answered('lunch is here');
    await lisi.answered('lunch is here');
    await lisi.member('alice').click();
    await lisi.bubble('app', 'lunch is here').waitFor({ state: 'detached' });
    await zhangsan.close();
    await lisi.close();
});
