// What a member does: write and be answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('a member writes and sees the answer, with what became of the message', async () => {
    const visitor = await used.visit();
    await visitor.write('你好 from the page');
    await visitor.answered('echo: 你好 from the page');
    const mine = visitor.bubble('member', '你好 from the page');
    assert.equal(await mine.getAttribute('data-state'), 'acknowledged');
    assert.match(await visitor.page.getByTestId('log').innerText(), /acknowledged after \d+ ms/i);
    await visitor.close();
});

test('what looks like marks in a plain text is shown wherever the text is', async () => {
    const visitor = await used.visit();
    const text = 'a <b> c >]]> `d` #1 &amp; *e*';
    await visitor.write(text);
    await visitor.page.locator('.subject-text').getByText(text, { exact: true }).waitFor();
    await visitor.close();
});

test('two apps of one corp are two conversations, each answered through its own app', async () => {
    const visitor = await used.visit();
    await visitor.chat('it-help').click();
    await visitor.write('only for it-help');
    await visitor.answered('echo: only for it-help');
    await visitor.chat('assistant').click();
    await visitor.bubble('app', 'only for it-help').waitFor({ state: 'detached' });
    await visitor.chat('it-help').click();
    await visitor.answered('echo: only for it-help');
    await visitor.close();
});

test('members of the same id in two corps do not see each other', async () => {
    const visitor = await used.visit();
    await visitor.chat('sales').click();
    await visitor.write('to sales as its own zhangsan');
    await visitor.answered('echo: to sales as its own zhangsan');
    await visitor.chat('assistant').click();
    await visitor.bubble('app', 'its own zhangsan').waitFor({ state: 'detached' });
    await visitor.close();
});

test('several members at once: what comes in another chat is counted there', async () => {
    const [zhangsan, lisi] = await Promise.all([used.visit(), used.visit()]);
    await lisi.member('lisi').click();
    await zhangsan.chat('assistant').click();
    await lisi.chat('assistant').click();
    await lisi.write('from lisi');
    await lisi.answered('echo: from lisi');
    await zhangsan.write('from zhangsan');
    await zhangsan.answered('echo: from zhangsan');
    assert.equal(await lisi.bubble('app', 'from zhangsan').count(), 0);
    await zhangsan.chat('it-help').click();
    used.simulator.type('typed at the terminal');
    await zhangsan.chat('assistant').getByTestId('unread').filter({ hasText: '1' }).waitFor();
    await zhangsan.chat('assistant').click();
    await zhangsan.answered('echo: typed at the terminal');
    await zhangsan.close();
    await lisi.close();
});

test('a reload keeps the history, the chosen chat and the draft', async () => {
    const visitor = await used.visit();
    await visitor.chat('it-help').click();
    await visitor.write('before the reload');
    await visitor.answered('echo: before the reload');
    await visitor.get('composer-text').fill('half a sentence');
    await visitor.page.reload();
    await visitor.answered('echo: before the reload');
    assert.equal(await visitor.get('composer-text').inputValue(), 'half a sentence');
    await visitor.close();
});

test('what is typed goes into the field at once, and from anywhere', async () => {
    const visitor = await used.visit();
    await visitor.page.keyboard.type('first words');
    await visitor.page.keyboard.press('Enter');
    await visitor.answered('echo: first words');
    await visitor.member('lisi').click();
    await visitor.page.keyboard.type('as lisi');
    await visitor.page.keyboard.press('Enter');
    await visitor.answered('echo: as lisi');
    await visitor.close();
});

test('Shift+Enter makes a new line, and the message arrives with it', async () => {
    const visitor = await used.visit();
    await visitor.get('composer-text').fill('one');
    await visitor.get('composer-text').press('Shift+Enter');
    await visitor.page.keyboard.type('two');
    await visitor.page.keyboard.press('Enter');
    await visitor.answered(/echo: one\s+two/);
    await visitor.close();
});

test('a command from the list goes beside a draft and a file, and leaves both', async () => {
    const visitor = await used.visit();
    const draft = 'a long question that is not finished';
    await visitor.page.locator('#composer-text').fill(draft);
    await visitor.page.locator('#file').setInputFiles(
        { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a file') });
    await visitor.get('attachment').waitFor();
    await visitor.page.locator('#open-commands').click();
    assert.equal(await visitor.get('command').count(), 4);
    await visitor.get('command').filter({ hasText: '/status' }).click();
    await visitor.bubble('member', '/status').waitFor();
    assert.equal(await visitor.get('command').count(), 0);
    assert.equal(await visitor.page.locator('#composer-text').inputValue(), draft);
    assert.equal(await visitor.get('attachment').count(), 1);
    await visitor.page.reload();
    await visitor.page.waitForFunction(
        (text) => document.querySelector('#composer-text').value === text, draft);
    await visitor.close();
});

test('a command that is typed completes with Enter, and the field is empty', async () => {
    const visitor = await used.visit();
    const field = visitor.page.locator('#composer-text');
    await field.pressSequentially('/sta');
    await visitor.get('command').filter({ hasText: '/status' }).waitFor();
    await field.press('Enter');
    await visitor.bubble('member', '/status').first().waitFor();
    assert.equal(await field.inputValue(), '');
    await visitor.close();
});

test('WeChat members do not see Markdown messages, WeCom members do', async () => {
    const visitor = await used.visit();
    await visitor.write('seen on both');
    await visitor.answered('echo: seen on both');
    await visitor.get('client-wechat').click();
    await visitor.answered('echo: seen on both');
    await visitor.get('client-wecom').click();
    await visitor.close();
});

test('nobody gets in without the key, and another page cannot use it', async () => {
    const base = new URL(used.simulator.url).origin;
    for (const path of ['/', '/app.js', '/steps/1', '/changes?after=0']) {
        assert.equal((await fetch(base + path)).status, 403);
    }
    assert.equal((await fetch(`${base}/?key=wrong`, { redirect: 'manual' })).status, 403);
    const right = await fetch(used.simulator.url, { redirect: 'manual' });
    assert.equal(right.status, 303);
    const cookie = right.headers.get('set-cookie').split(';')[0];
    assert.equal((await fetch(`${base}/`, { headers: { cookie } })).status, 200);
    const foreign = await fetch(`${base}/media`, {
        method: 'POST', body: 'x', headers: { cookie, origin: 'http://evil.example' },
    });
    assert.equal(foreign.status, 403);
    for (const origin of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
        const changes = await fetch(`${base}/changes?after=0`, { headers: { cookie, ...origin } });
        assert.equal(changes.status, 403);
    }
    for (const origin of [{ origin: 'http://evil.example' }, {}]) {
        const command = await fetch(`${base}/commands`, {
            method: 'POST', body: '{"do": "outage"}',
            headers: { cookie, 'x-page-key': new URL(used.simulator.url).searchParams.get('key'),
                       ...origin },
        });
        assert.equal(command.status, 403);
    }
    // As a server at another port of this host may send it, which browsers give the cookie, too.
    const command = await fetch(`${base}/commands`, {
        method: 'POST', body: '{"do": "outage"}', headers: { cookie, origin: base },
    });
    assert.equal(command.status, 403);
});
