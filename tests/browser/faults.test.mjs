// What goes wrong on purpose, and how it heals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });

test('kill -9: the message waits, and its answer comes once the gateway is back', async () => {
    const visitor = await used.visit();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.get('banner').first().waitFor();
    await visitor.write('written to a dead gateway');
    await visitor.get('log').filter({ hasText: /try 2/i }).waitFor();
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    await visitor.get('restart').click();
    await visitor.gateway('ready');
    await visitor.write('written after the restart');
    await visitor.answered('echo: written after the restart');
    await visitor.close();
});

test('an acknowledged message survives kill -9: its answer is delivered after the restart',
     async () => {
         const visitor = await used.visit();
         await visitor.openFaults();
         await visitor.get('outage').click();  // the answer can't leave
         await visitor.write('acknowledged, then killed');
         await visitor.step('reply_stored').waitFor();
         await visitor.get('kill').click();
         await visitor.gateway('ended');
         await visitor.get('outage').click();
         await visitor.get('restart').click();
         await visitor.answered('echo: acknowledged, then killed');
         await visitor.close();
     });

test('an outage of the API: the banner tells of it, the reply waits and comes', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.get('banner').first().waitFor();
    await visitor.write('during the outage');
    await visitor.step('reply_stored').waitFor();
    assert.equal(await visitor.bubble('app', 'during the outage').count(), 0);
    await visitor.get('heal').first().click();
    await visitor.answered('echo: during the outage');
    await visitor.get('banner').first().waitFor({ state: 'detached' });
    await visitor.close();
});

test('a lost answer: WeCom sends the callback again, the agent hears it once', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.fault('lost-answer').click();
    await visitor.write('sent twice, heard once');
    await visitor.answered('echo: sent twice, heard once');
    await visitor.page.locator('[data-testid=bubble][data-from=member][data-state=acknowledged]')
        .filter({ hasText: 'sent twice, heard once' }).waitFor();
    assert.equal(await visitor.step('callback_sent').count(), 2);
    assert.equal(await visitor.bubble('app', 'sent twice, heard once').count(), 1);
    await visitor.fault('lost-answer').and(visitor.page.locator('[aria-checked=false]')).waitFor();
    await visitor.close();
});

test('a revoked token is refreshed by itself', async () => {
    const visitor = await used.visit();
    await visitor.write('with a token');
    await visitor.answered('echo: with a token');
    await visitor.openFaults();
    await visitor.get('revoke').click();
    await visitor.write('without a token');
    await visitor.answered('echo: without a token');
    await visitor.step('token_issued').waitFor();
    await visitor.close();
});

test('a fault that stays on is listed, and can be switched off', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.fault('untrusted-ip').click();
    await visitor.page.locator('[data-testid=fault-switch][data-name=untrusted-ip]' +
                               '[aria-checked=true]').waitFor();
    await visitor.write('from an address nobody trusts');
    await visitor.step('fault_met').first().waitFor();
    await visitor.fault('untrusted-ip').click();
    await visitor.page.locator('[data-testid=fault-switch][data-name=untrusted-ip]' +
                               '[aria-checked=false]').waitFor();
    await visitor.close();
});

test('the callback URL is verified from the page', async () => {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.get('verify').click();
    await visitor.get('toast').filter({ hasText: /verified/i }).waitFor();
    await visitor.close();
});
