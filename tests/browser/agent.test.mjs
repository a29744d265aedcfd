// "Connect my agent": the form, and what it makes of config.yaml.
import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('another agent is chosen on the page, and answers', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/bin/sh\n-c\ncat > /dev/null; echo from a command');
    assert.match(await visitor.get('agent-yaml').innerText(), /kind: command/);
    await visitor.putToWork();
    await visitor.write('who are you?');
    await visitor.answered('from a command');
    assert.match(await used.simulator.config(), /kind: command/);
    await visitor.close();
});

test('a model that sees still does so after another change in the form', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('openai');
    await visitor.get('agent-base_url').fill('http://127.0.0.1:9/v1');
    await visitor.get('agent-model').fill('a-model');
    await visitor.get('agent-vision').check();
    assert.match(await visitor.get('agent-yaml').innerText(), /vision: true/);
    await visitor.get('agent-use').click();
    await visitor.get('agent-use').filter({ hasText: 'Use it anyway' }).waitFor();
    await visitor.putToWork();
    assert.match(await used.simulator.config(), /vision: true/);
    await visitor.openAgent('openai');
    assert.equal(await visitor.get('agent-vision').isChecked(), true);
    await visitor.get('agent-timeout_s').fill('60');
    await visitor.get('agent-use').filter({ hasText: 'Use it now' }).click();
    await visitor.get('agent-use').filter({ hasText: 'Use it anyway' }).waitFor();
    await visitor.putToWork();
    assert.match(await used.simulator.config(), /vision: true\n(.*\n)* *timeout: 60s/);
    await visitor.close();
});

test('what is written by hand is in the form after a restart, and stays there', async () => {
    const visitor = await used.visit();
    await writeFile(join(used.simulator.folder, 'key'), 'a-key\n', { mode: 0o600 });
    await used.simulator.writeConfig((await used.simulator.config()).replace(
        /^agent:.*\n( .*\n)*/mu,
        'agent:\n  kind: openai\n# mine\n  base_url: http://127.0.0.1:9/v1\n  model: by-hand\n' +
            '  api_key_file: key\n  turns_max: 3\n'));
    await visitor.restartGateway();
    await visitor.get('connect-agent').click();
    assert.equal(await visitor.get('agent-model').inputValue(), 'by-hand');
    assert.match(await visitor.get('agent-yaml').innerText(), /api_key_file: .*\/key$/mu);
    await visitor.get('agent-timeout_s').fill('90');
    await visitor.get('agent-use').click();
    await visitor.get('agent-use').filter({ hasText: 'Use it anyway' }).waitFor();
    await visitor.putToWork();
    assert.match(await used.simulator.config(),
                 /model: "by-hand"\n  api_key_file: .*\/key"\n  timeout: 90s\n  turns_max: 3\n/u);
    await visitor.close();
});

const complaint = (visitor) => visitor.page.locator('dialog .complaint').filter({ visible: true });

test('an agent is tested before it is put to work, and nothing is written', async () => {
    const visitor = await used.visit();
    const before = await used.simulator.config();
    const bubbles = visitor.page.locator('[data-testid=bubble]');
    const countBefore = await bubbles.count();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/bin/sh\n-c\necho "I heard $(grep -o hello)"; echo hm >&2');
    await visitor.get('agent-test').click();
    await visitor.get('trial-verdict').filter({ hasText: 'It answered after' }).waitFor();
    const shown = await visitor.get('trial').innerText();
    assert.match(shown, /I heard hello/u);
    assert.match(shown, /hm\nexit status 0/u);
    assert.equal(await used.simulator.config(), before);
    assert.equal(await bubbles.count(), countBefore);
    await visitor.close();
});

test('one that fails says with what status, and what it wrote', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/bin/sh\n-c\necho first >&2; echo second >&2; exit 3');
    await visitor.get('agent-test').click();
    await visitor.page.locator('[data-testid=trial-verdict][data-outcome=failed]').waitFor();
    const shown = await visitor.get('trial').innerText();
    assert.match(shown, /exited with status 3: second/u);
    assert.match(shown, /first\nsecond\nexit status 3/u);
    await visitor.close();
});

test('one that can\'t run is told with what to do, by Test and by Use', async () => {
    const visitor = await used.visit();
    const before = await used.simulator.config();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('python3 agent.py');
    await visitor.get('agent-test').click();
    await complaint(visitor).filter({ hasText: 'a program and its arguments are items of their own' })
        .waitFor();
    await visitor.get('agent-use').click();
    await visitor.get('agent-use').filter({ hasText: 'Use it anyway' }).waitFor();
    assert.equal(await used.simulator.config(), before);
    await visitor.close();
});

// Whether the process is gone, or as good as gone.
async function isGone(pid) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    return status === null || status.includes(') Z ');
}

test('a test that goes on for too long is stopped with the keyboard, and shows what was said', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/bin/sh\n-c\necho "process $$"; echo hm >&2; exec sleep 600');
    await visitor.get('agent-test').focus();
    await visitor.page.keyboard.press('Enter');
    const stop = visitor.get('trial-stop');
    await stop.and(visitor.page.locator(':focus')).waitFor();
    await visitor.get('trial').filter({ hasText: /0:01/u }).waitFor();
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('[data-testid=trial-verdict][data-outcome=cancelled]')
        .filter({ hasText: /^Stopped after \d/u }).waitFor();
    const shown = await visitor.get('trial').innerText();
    const [, pid] = shown.match(/What it had said so far\s+process (\d+)/u);
    assert.match(shown, /hm/u);
    assert.ok(await isGone(pid));
    await visitor.get('agent-test').and(visitor.page.locator(':focus')).waitFor();
    await visitor.close();
});

test('a request to a model is stopped, too, also by who closes the form', async () => {
    const visitor = await used.visit();
    const server = createServer();
    const connections = on(server, 'connection');
    await once(server.listen(0, '127.0.0.1'), 'listening');
    // Only once it is there: one that is stopped on its way never comes.
    const call = async () => {
        await visitor.get('agent-test').click();
        const { value: [socket] } = await connections.next();
        return { ended: once(socket.resume(), 'close') };
    };
    await visitor.openAgent('openai');
    await visitor.get('agent-base_url').fill(`http://127.0.0.1:${server.address().port}/v1`);
    await visitor.get('agent-model').fill('a-model');
    const first = await call();
    await visitor.get('trial-stop').click();
    await first.ended;
    await visitor.page.locator('[data-testid=trial-verdict][data-outcome=cancelled]').waitFor();
    const second = await call();
    await visitor.get('trial-stop').waitFor();
    await visitor.get('close').click();
    await second.ended;
    server.close();
    await visitor.close();
});

test('a form that is not complete is not tested', async () => {
    const visitor = await used.visit();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('');
    await visitor.get('agent-test').click();
    assert.equal(await visitor.get('trial').isVisible(), false);
    await visitor.close();
});

test('what the agent was given and said is on the wire, and it is run again after a change', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c',
                           'echo "$(grep -o "text.:.[^,]*")"; echo a trace >&2');
    await visitor.write('the first question');
    await visitor.answered('the first question');
    const answered = visitor.step('agent_answered');
    await answered.getByRole('button').first().click();
    await answered.getByTestId('bytes').filter({ hasText: 'text":"the first question"' }).waitFor();
    await answered.getByRole('tab', { name: 'Errors' }).click();
    await answered.getByTestId('bytes').filter({ hasText: /a trace\nexit status 0/u }).waitFor();
    const begun = visitor.step('agent_begun');
    await begun.getByRole('button').first().click();
    await begun.getByTestId('open-run-again').click();
    const input = begun.getByTestId('trial-input');
    const given = await input.inputValue();
    assert.equal(JSON.parse(given).text, 'the first question');
    assert.equal(JSON.parse(given).user, 'zhangsan');
    await begun.getByTestId('run-again').click();
    await begun.getByTestId('trial').filter({ hasText: 'text":"the first question"' }).waitFor();
    await input.fill(given.replace('the first question', 'another one'));
    await begun.getByTestId('run-again').click();
    await begun.getByTestId('trial').filter({ hasText: 'text":"another one"' }).waitFor();
    assert.equal(await visitor.bubble('app', 'another one').count(), 0);
    assert.equal(await visitor.step('agent_begun').count(), 1);
    await visitor.close();
});

test('what members write is on the page and not in the gateway\'s log', async () => {
    const visitor = await used.visit();
    await visitor.write('nobody else reads this');
    await visitor.answered('nobody else reads this');
    await visitor.step('agent_answered').waitFor();
    const log = await used.simulator.log();
    assert.match(log, /attempt 1/u);
    assert.ok(!log.includes('nobody else reads this'));
    await visitor.close();
});
