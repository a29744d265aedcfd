// What the page says when something is not as usual.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('an agent that fails is a step with the reason, in red', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c', 'echo no idea >&2; exit 3');
    await visitor.write('will fail');
    const step = visitor.step('agent_failed');
    await step.filter({ hasText: 'exited with status 3: no idea' }).waitFor();
    assert.equal(await step.getAttribute('data-tone'), 'bad');
    await visitor.close();
});

test('an agent that has nothing to say is no message that waits', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/true');
    await visitor.write('say nothing');
    await visitor.step('agent_silent').waitFor();
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a reply hangs under the message that it answers, also after a kill', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/sh', '-c', 'grep -q slow && sleep 2; echo done');
    await visitor.write('a slow one');
    await visitor.step('agent_begun').waitFor();
    await visitor.get('waiting').filter({ hasText: 'The agent works' }).waitFor();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.get('waiting').filter({ hasText: 'The gateway is down' }).waitFor();
    await visitor.write('written while it was dead');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.answered('done');
    const slow = await visitor.bubble('member', 'a slow one').getAttribute('data-number');
    assert.equal(await visitor.bubble('app', 'done').getAttribute('data-answers'), slow);
    await visitor.bubble('app', 'done').click();
    await visitor.step('delivered').waitFor();
    assert.equal(await visitor.step('agent_begun').count(), 2);
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});

test('a reply that waits says why, and since when', async () => {
    const visitor = await used.visit();
    await visitor.useAgent('/bin/echo', 'at last');
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.write('during an outage');
    await visitor.step('put_off').first().waitFor();
    await visitor.get('waiting').filter({ hasText: /The reply waits: message \d+ waits, the next/ })
        .waitFor();
    await visitor.get('outage').click();
    await visitor.answered('at last');
    await visitor.get('waiting').waitFor({ state: 'hidden' });
    await visitor.close();
});
