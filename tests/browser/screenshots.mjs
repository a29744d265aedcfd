// Makes the pictures of the documentation from the real page:
//   HERMES_HOST_STUB=build/dev/bin/hermes-host-stub HERMES_PLUGINS=build/dev/plugins \
//       node tests/browser/screenshots.mjs docs/images
import { join } from 'node:path';

import { useSimulator } from './support.mjs';

const folder = process.argv[2];
let start;
let stop;
const used = useSimulator({ before: (run) => { start = run; }, after: (run) => { stop = run; } });
const shoot = (visitor, name) => visitor.page.screenshot({ path: join(folder, name) });

async function aDay(visitor) {
    await visitor.chat('it-help').click();
    await visitor.write('The printer on the third floor says PC LOAD LETTER');
    await visitor.answered('PC LOAD LETTER');
    await visitor.chat('assistant').click();
    await visitor.write('帮我总结一下上周的销售会议');
    await visitor.answered('帮我总结一下上周的销售会议');
}

async function overview() {
    const visitor = await used.visit();
    await aDay(visitor);
    await visitor.write('Which of our teas sold best in October?');
    await visitor.answered('Which of our teas');
    await visitor.step('delivered').first().waitFor();
    await shoot(visitor, 'chat-page.png');
    await visitor.close();
}

async function chineseAndDark() {
    const visitor = await used.visit({ locale: 'zh-CN', colorScheme: 'dark' });
    await visitor.step('delivered').first().waitFor();
    await visitor.step('callback_sent').first().getByRole('button').first().click();
    await visitor.get('bytes').first().waitFor();
    await shoot(visitor, 'chat-page.zh-CN.png');
    await visitor.close();
}

async function killed() {
    const visitor = await used.visit();
    await visitor.openFaults();
    await visitor.get('outage').click();
    await visitor.get('faults').click();
    await visitor.write('Will I get an answer to this?');
    await visitor.step('reply_stored').waitFor();
    await visitor.get('kill').click();
    await visitor.page.locator('[data-testid=gateway-state][data-state=ended]').waitFor();
    await shoot(visitor, 'killed.png');
    await visitor.close();
}

await start();
try {
    await overview();
    await chineseAndDark();
    await killed();
} finally {
    await stop();
}
