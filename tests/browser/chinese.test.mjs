// The Chinese page is Chinese, also in what the gateway and the simulator say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { useSimulator } from './support.mjs';

const used = useSimulator({ before, after });
const visitChinese = () => used.visit({ locale: 'zh-CN' });

// What people and programs say, and what is written the same in both languages.
const technical = [
    /“[^”]*”/gu, /`[^`]*`/gu,
    /\S*[_/.:=[\]]\S*/gu,  // names of settings, paths, addresses, calls, sources in a log
    /\b(kill -9|pid|errcode|HTTP|URL|WeCom|gettoken|debug|info|warning|error)\b/gu,
];

// Two words beside each other, or one in a line with nothing Chinese in it.
function isEnglish(line) {
    const words = technical.reduce((text, token) => text.replace(token, ' '), line);
    return /[A-Za-z']{2,},? [A-Za-z']{2,}/u.test(words) ||
        (/[A-Za-z]{3,}/u.test(words) && !/\p{Script=Han}/u.test(line));
}

async function checkChinese(locator) {
    const lines = (await locator.allInnerTexts()).flatMap((text) => text.split('\n'));
    assert.ok(lines.length > 0);
    assert.deepEqual([...new Set(lines.filter(isEnglish))], []);
}

test('a line that is English is found', () => {
    for (const line of ['goes to the agent, attempt 1', '第 1 次 stored after 3 ms', 'ready']) {
        assert.ok(isEnglish(line), line);
    }
    for (const line of ['message/send', 'WeCom', '3 毫秒后已保存', '返回 45009：“too fast” 接口']) {
        assert.ok(!isEnglish(line), line);
    }
});

const faults = ['lost-answer', 'busy', 'bad-gateway', 'drop', 'drop-answer', 'half-answer',
                'rate-limit', 'untrusted-ip', 'no-token'];

test('every step is Chinese, whatever happens', async () => {
    const visitor = await visitChinese();
    await visitor.write('一切正常');
    await visitor.answered('一切正常');
    for (const fault of faults) {
        used.simulator.type(`:fault ${fault}`);
    }
    await visitor.openFaults();
    await visitor.fault(faults.at(-1)).and(visitor.page.locator('[aria-checked=true]')).waitFor();
    used.simulator.type(':revoke');
    used.simulator.type(':verify');
    await visitor.write('全是故障');
    await visitor.get('tab-everything').click();
    await visitor.step('put_off').first().waitFor();
    await visitor.get('waiting').filter({ hasText: '回复在等待' }).waitFor();
    await checkChinese(visitor.get('waiting'));
    used.simulator.type(':clear');
    used.simulator.type(':outage');
    await visitor.step('outage_began').first().waitFor();
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    used.simulator.type(':verify');
    await visitor.write('没有人听');
    await visitor.page.locator('[data-testid=bubble][data-state=failed]').waitFor();
    used.simulator.type(':up');
    await visitor.get('restart').click();
    await visitor.answered('全是故障');
    await visitor.useAgent('/bin/sh', '-c', 'echo 不知道 >&2; exit 3');
    await visitor.write('会失败');
    await visitor.step('agent_failed').first().waitFor();
    await visitor.useJsonAgent('/bin/echo', 'no object');
    await visitor.write('也会失败');
    await visitor.step('agent_failed').nth(1).waitFor();
    await visitor.useAgent('/bin/true');
    await visitor.write('什么也不说');
    await visitor.step('agent_silent').first().waitFor();
    used.simulator.type(':fault invisible');
    await visitor.openAgent('echo');
    await visitor.putToWork();
    await visitor.write('谁也看不到');
    await visitor.step('set_aside').first().waitFor();
    await visitor.get('waiting').filter({ hasText: '已搁置' }).waitFor();
    await checkChinese(visitor.get('waiting'));
    await checkChinese(visitor.page.locator('.step-title, .step-summary'));
    await visitor.get('outbox').click();
    await visitor.get('letter').waitFor();
    await checkChinese(visitor.page.locator('.letter-why'));
    await visitor.close();
});

test('a complaint about the agent is Chinese, and English after the switch', async () => {
    const visitor = await visitChinese();
    await visitor.openAgent('command');
    await visitor.get('agent-command').fill('/nonexistent');
    await visitor.get('agent-test').click();
    const trial = visitor.get('trial').locator('.complaint');
    await trial.first().waitFor();
    await checkChinese(trial);
    await visitor.get('agent-command').fill('/bin/sleep\n600');
    await visitor.get('agent-test').click();
    await visitor.get('trial-stop').click();
    await visitor.get('trial-verdict').filter({ hasText: '后被停止' }).waitFor();
    await visitor.get('agent-command').fill('/nonexistent');
    await visitor.get('agent-use').click();
    const complaint = visitor.page.locator('dialog [role=alert]').filter({ visible: true });
    await complaint.filter({ hasText: '请安装' }).waitFor();
    await visitor.get('close').click();
    await visitor.get('language').click();
    await visitor.page.locator('.step-summary').filter({ hasText: 'attempt 1' }).first().waitFor();
    await visitor.close();
});

test('why a gateway does not start is Chinese', async () => {
    const visitor = await visitChinese();
    const config = await used.simulator.config();
    await visitor.get('tab-everything').click();
    const wrong = ['host: 192.0.2.1', 'port: 70000'];  // found at its start; in what it reads
    for (const setting of wrong) {
        await visitor.get('kill').click();
        await visitor.gateway('ended');
        const key = setting.split(':')[0];
        await used.simulator.writeConfig(
            config.replace(new RegExp(`\\b${key}: .*`, 'u'), setting));
        await visitor.get('restart').click();
        const toast = visitor.page.locator('.toast').filter({ hasText: '网关在就绪之前退出' });
        await toast.first().waitFor();
        await checkChinese(toast);
        await used.simulator.writeConfig(config);
        await visitor.get('restart').click();
        await visitor.gateway('ready');
    }
    const steps = visitor.page.locator('.step-title, .step-summary');
    await checkChinese(steps);
    assert.equal(await steps.filter({ hasText: '网关已退出：退出码' }).count(), 0);  // said twice
    used.simulator.type(':clear');
    await visitor.write('又在');
    await visitor.answered('又在');
    await visitor.close();
});
