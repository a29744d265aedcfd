// Three gateways on one PostgreSQL, at the page: whose turn, and what becomes of it at kill -9.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after }, '--gateways', '3');

const row = (visitor, number, state) =>
    visitor.page.locator(`[data-testid=gateway-${number}][data-state=${state}]`);

// Which one the step of the last message names: 'gateway 2'.
async function gatewayOf(visitor, kind) {
    const tag = visitor.step(kind).last().locator('.tag').filter({ hasText: /^gateway \d$/ });
    return (await tag.textContent()).trim();
}

async function answerOf(visitor, question, answer) {
    const asked = await visitor.bubble('member', question).getAttribute('data-number');
    await visitor.page.locator(`[data-testid=bubble][data-answers="${asked}"]`)
        .filter({ hasText: answer }).waitFor();
}

const lightOf = (visitor, number) => visitor.get(`gateway-${number}`).locator('.light')
    .evaluate((light) => getComputedStyle(light).backgroundColor);

test('each is shown, callbacks go to them in turn, and every message is answered', async () => {
    const visitor = await used.visit();
    for (const number of [1, 2, 3]) {
        await row(visitor, number, 'ready').waitFor();
    }
    assert.match(await visitor.get('gateway-state').textContent(), /3 of 3 ready/);
    const takers = new Set();
    for (const text of ['one', 'two', 'three']) {
        await visitor.write(text);
        await visitor.answered(`echo: ${text}`);
        takers.add(await gatewayOf(visitor, 'callback_sent'));
    }
    assert.equal(takers.size, 3);
    await visitor.close();
});

// Of the right side: whether anything lies over anything else, and how high the steps are.
const places = () => {
    const boxOf = (node) => node.getBoundingClientRect();
    const panels = [...document.querySelectorAll('.panels > *')].map(boxOf);
    const rows = boxOf(document.querySelector('[data-testid=gateway-3]'));
    return {
        isApart: panels.every((box, i) => i === 0 || box.top >= panels[i - 1].bottom - 1) &&
                 rows.bottom <= panels[0].bottom + 1,
        steps: boxOf(document.getElementById('steps-scroller')).height,
        isWide: document.querySelector('.panels').scrollWidth >
                document.querySelector('.panels').clientWidth,
    };
};

test('with both panels open nothing lies over a gateway, and the steps keep a place', async () => {
    for (const [width, height] of [[1440, 900], [1366, 768], [390, 844]]) {
        const visitor = await used.visit({ viewport: { width, height } });
        if (width < 900) {
            await visitor.get('pane-wire').click();
        }
        await visitor.get('outbox').click();
        await visitor.get('faults').click();
        await visitor.get('outage').waitFor();
        const found = await visitor.page.evaluate(places);
        assert.ok(found.isApart, `${width}x${height}`);
        assert.ok(found.steps > 200, `${width}x${height}: ${found.steps}`);
        assert.ok(!found.isWide, `${width}x${height}`);
        await visitor.get('kill-3').click({ trial: true });
        await visitor.close();
    }
});

test('the one whose turn it is is killed: another one answers, once', async () => {
    const visitor = await used.visit();
    // Ends only where it is let: the first turn never does.
    const once = 'read line; if mkdir "$0" 2>/dev/null; then exec sleep 600; fi; echo "at last"';
    await visitor.useAgent('sh', '-c', once, `${used.simulator.folder}/begun`);
    await visitor.write('who answers this?');
    await visitor.step('agent_begun').last().waitFor();
    const worker = Number((await gatewayOf(visitor, 'agent_begun')).split(' ')[1]);
    await visitor.get(`turns-${worker}`).waitFor();
    await visitor.page.getByText(`at gateway ${worker}`).first().waitFor();
    await visitor.get(`kill-${worker}`).click();
    await row(visitor, worker, 'ended').waitFor();
    assert.notEqual(await lightOf(visitor, worker), await lightOf(visitor, worker % 3 + 1));
    await visitor.answered('at last');
    assert.notEqual(Number((await gatewayOf(visitor, 'agent_answered')).split(' ')[1]), worker);
    assert.equal(await visitor.bubble('app', 'at last').count(), 1);
    await visitor.get(`restart-${worker}`).click();
    await row(visitor, worker, 'ready').waitFor();
    await visitor.close();
});

// Of the message that is shown, in the order in which the page has them.
const kindsOf = (visitor, wanted) => visitor.page.evaluate(
    (kinds) => [...document.querySelectorAll('[data-testid=wire-step]')]
        .map((row) => row.dataset.kind).filter((kind) => kinds.includes(kind)), wanted);

test('whichever gateway takes a message, it is committed before it is handed over', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/echo', 'at last');
    for (let n = 0; n < 9; n += 1) {
        await visitor.write(`number ${n}`);
        await visitor.step('agent_answered').waitFor();
        assert.deepEqual(await kindsOf(visitor, ['committed', 'handed_over']),
                         ['committed', 'handed_over']);
    }
    await visitor.close();
});

test('one that is frozen while another one works ends no turn but its own', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sleep', '60');
    await visitor.write('who is at it?');
    await visitor.step('agent_begun').waitFor();
    const first = Number((await gatewayOf(visitor, 'agent_begun')).split(' ')[1]);
    const pid = Number((await visitor.get(`gateway-${first}`).locator('.pid').textContent())
        .match(/\d+/)[0]);
    process.kill(pid, 'SIGSTOP');
    try {
        await visitor.step('agent_begun').nth(1).waitFor();
    } finally {
        process.kill(pid, 'SIGCONT');
    }
    const second = Number((await gatewayOf(visitor, 'agent_begun')).split(' ')[1]);
    await visitor.step('agent_stopped').waitFor();
    await visitor.get(`turns-${second}`).waitFor();
    await visitor.get('waiting').filter({ hasText: `at gateway ${second}` }).waitFor();
    // Its end by kill -9 is the end of the turn: nobody works until the next one begins.
    await visitor.get(`kill-${second}`).click();
    await visitor.page.locator('[data-testid=waiting][data-phase=queued]').waitFor();
    await visitor.step('agent_begun').nth(2).waitFor();
    await visitor.get(`restart-${second}`).click();
    await row(visitor, second, 'ready').waitFor();
    await visitor.useAgent('/bin/echo', 'at last');
    await answerOf(visitor, 'who is at it?', 'at last');
    await visitor.close();
});

test('with the first one down, the URL is verified and doctor asks at another one', async () => {
    const visitor = await used.visit();
    await visitor.get('kill-1').click();
    await row(visitor, 1, 'ended').waitFor();
    await visitor.openFaults();
    for (let n = 0; n < 3; n += 1) {
        await visitor.get('verify').click();
        await visitor.get('toast').filter({ hasText: /is verified/ }).nth(n).waitFor();
    }
    await visitor.get('doctor').click();
    await visitor.page.locator('[data-testid=finding][data-verdict=ok]')
        .filter({ hasText: "proves to know the app's token" }).first().waitFor();
    await visitor.page.keyboard.press('Escape');
    used.simulator.type(':restart');
    await row(visitor, 1, 'ready').waitFor();
    await visitor.close();
});

test('one whose port was taken while it was down starts at another, and answers', async () => {
    const visitor = await used.visit();
    const { folder } = used.simulator;
    const portOf = async () => {
        for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
            const read = (name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
            if ((await read('cmdline')).includes(`${folder}/gateway-2`)) {
                return Number((await read('environ')).match(/WECOM_CALLBACK_PORT=(\d+)/)[1]);
            }
        }
        return 0;
    };
    const port = await portOf();
    await visitor.get('kill-2').click();
    await row(visitor, 2, 'ended').waitFor();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await visitor.get('restart-2').click();
    await row(visitor, 2, 'ready').waitFor();
    assert.notEqual(await portOf(), port);
    for (const number of [1, 3]) {
        await visitor.get(`kill-${number}`).click();
        await row(visitor, number, 'ended').waitFor();
    }
    await visitor.write('at another port');
    await answerOf(visitor, 'at another port', 'at last');
    other.close();
    used.simulator.type(':restart');
    for (const number of [1, 3]) {
        await row(visitor, number, 'ready').waitFor();
    }
    await visitor.close();
});

test('with all of them down a message fails, and the page says so', async () => {
    const visitor = await used.visit();
    for (const number of [1, 2, 3]) {
        await visitor.get(`kill-${number}`).click();
        await row(visitor, number, 'ended').waitFor();
    }
    await visitor.gateway('ended');
    await visitor.write('is nobody there?');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart-2').click();
    await visitor.gateway('ready');
    assert.match(await visitor.get('gateway-state').textContent(), /1 of 3 ready/);
    await visitor.write('two alone');
    await answerOf(visitor, 'two alone', 'at last');
    await visitor.get('kill-2').click();
    await visitor.get('heal').click();
    for (const number of [1, 2, 3]) {
        await row(visitor, number, 'ready').waitFor();
    }
    await visitor.close();
});

// As an operator gives it, beside the gateways.
async function locationOf(folder) {
    const { stdout } = await promisify(execFile)(
        process.env.HERMES_HOST_STUB, ['state', '--json', '--config', join(folder, 'config.yaml')]);
    return JSON.parse(stdout)[0].location;
}

test('a command works on their database, which begins anew with the run folder', async () => {
    const { simulator } = used;
    assert.match(await locationOf(simulator.folder), /^postgresql:/);
    await access(join(simulator.folder, 'postgresql', 'data', 'PG_VERSION'));
    await simulator.end();
    await rm(simulator.folder, { recursive: true });
    await simulator.begin();
    assert.match(await locationOf(simulator.folder), /^postgresql:/);
});
