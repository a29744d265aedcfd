// The page itself: languages, widths, keyboard, many messages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('Chinese for a Chinese browser, English for others, and a switch', async () => {
    const chinese = await used.visit({ locale: 'zh-CN' });
    assert.match(await chinese.page.locator('html').getAttribute('lang'), /^zh/);
    await chinese.get('send').filter({ hasText: '发送' }).waitFor();
    await chinese.get('language').click();
    await chinese.get('send').filter({ hasText: 'Send' }).waitFor();
    await chinese.page.reload();
    await chinese.get('send').filter({ hasText: 'Send' }).waitFor();
    await chinese.close();
    const english = await used.visit();
    assert.equal(await english.page.locator('html').getAttribute('lang'), 'en');
    await english.close();
});

test('a phone shows one pane at a time, without scrolling sideways', async () => {
    const visitor = await used.visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const isNarrow = () => visitor.page.evaluate(
        () => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(await isNarrow());
    await visitor.chat('assistant').tap();
    await visitor.write('from a phone');
    await visitor.answered('echo: from a phone');
    assert.ok(await isNarrow());
    await visitor.get('pane-wire').tap();
    await visitor.step('delivered').first().waitFor();
    assert.ok(await isNarrow());
    await visitor.close();
});

test('light and dark follow the system', async () => {
    const background = async (colorScheme) => {
        const visitor = await used.visit({ colorScheme });
        const colour = await visitor.page.evaluate(
            () => getComputedStyle(document.querySelector('main')).backgroundColor);
        await visitor.close();
        return colour.match(/\d+/g).map(Number)[0];
    };
    assert.ok(await background('light') > 200);
    assert.ok(await background('dark') < 60);
});

test('everything can be done with the keyboard', async () => {
    const visitor = await used.visit();
    await visitor.page.keyboard.press('Escape');
    await visitor.page.keyboard.press('Alt+ArrowDown');
    await visitor.page.keyboard.type('typed without a mouse');
    await visitor.page.keyboard.press('Enter');
    await visitor.answered('echo: typed without a mouse');
    await visitor.get('shortcuts').focus();
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('dialog[open]').waitFor();
    await visitor.page.keyboard.press('Escape');
    await visitor.page.locator('dialog[open]').waitFor({ state: 'detached' });
    await visitor.close();
});

test('landmarks, a live log and names for every button', async () => {
    const visitor = await used.visit();
    for (const role of ['main', 'navigation', 'complementary', 'log']) {
        assert.ok(await visitor.page.getByRole(role).count() > 0, role);
    }
    const nameless = await visitor.page.locator('button:visible').evaluateAll(
        (buttons) => buttons.filter((button) => !(button.getAttribute('aria-label') ||
                                                  button.title || button.innerText.trim()))
            .map((button) => button.outerHTML));
    assert.deepEqual(nameless, []);
    await visitor.close();
});

test('a chat of a thousand messages stays quick while fifty a second arrive', async () => {
    const visitor = await used.visit();
    await visitor.member('wangwu').click();
    await visitor.chat('sales').click();
    const report = await visitor.page.evaluate(async () => {
        const { keyHeader } = await import('./key.js');
        const frames = [];
        let last = performance.now();
        let isCounting = true;
        const count = (now) => {
            frames.push(now - last);
            last = now;
            if (isCounting) {
                requestAnimationFrame(count);
            }
        };
        requestAnimationFrame(count);
        for (let second = 0; second < 20; second += 1) {
            for (let i = 0; i < 50; i += 1) {
                fetch('commands', {
                    method: 'POST',
                    headers: keyHeader(),
                    body: JSON.stringify({ do: 'write', app: 'sales', user: 'wangwu',
                                           text: `message ${second * 50 + i}` }),
                });
            }
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }
        isCounting = false;
        frames.sort((a, b) => a - b);
        return { frames: frames.length, median: frames[Math.floor(frames.length / 2)] };
    });
    console.log(`${report.frames} frames in 20 s, median ${report.median.toFixed(1)} ms`);
    await visitor.bubble('member', 'message 999').waitFor();
    await visitor.close();
});
