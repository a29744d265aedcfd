// Makes the moving picture of the two READMEs from the real page: a question, kill -9 while the
// agent works, a new start, and the answer, once.
//   HERMES_HOST_STUB=build/dev/bin/hermes-host-stub HERMES_PLUGINS=build/dev/plugins \
//       node tests/browser/moving_picture.mjs docs/images
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { animate } from './animation.mjs';
import { useSimulator } from './support.mjs';

const folder = process.argv[2];
const size = { width: 1080, height: 620 };
const bytesMax = 3 * 1024 * 1024;
const typedAtOnce = 9;  // characters in a frame

let start;
let stop;
const used = useSimulator({ before: (run) => { start = run; }, after: (run) => { stop = run; } });

class Film {
    constructor(page) {
        this.page = page;
        this.frames = [];
    }

    async take(ms) {
        const png = await this.page.screenshot({ animations: 'disabled', caret: 'hide' });
        if (this.frames.at(-1)?.png.equals(png)) {
            this.frames.at(-1).ms += ms;
        } else {
            this.frames.push({ png, ms });
        }
    }

    // What is going on, for who looks for the first time; part of the picture, not of the page.
    async say(text) {
        await this.page.evaluate((words) => {
            const caption = document.querySelector('#caption') ??
                document.body.appendChild(document.createElement('p'));
            caption.id = 'caption';
            caption.textContent = words;
            Object.assign(caption.style, {
                position: 'fixed', left: '38%', bottom: '12px', transform: 'translateX(-50%)',
                padding: '8px 18px', borderRadius: '18px', background: '#14181f', color: '#fff',
                font: '15px system-ui, sans-serif', zIndex: 9, whiteSpace: 'nowrap',
            });
        }, text);
    }
}

async function type(film, visitor, text) {
    for (let end = typedAtOnce; end < text.length + typedAtOnce; end += typedAtOnce) {
        await visitor.get('composer-text').fill(text.slice(0, end));
        await film.take(140);
    }
}

async function scene(visitor, words) {
    const film = new Film(visitor.page);
    await film.say(words.ask);
    await film.take(900);
    await type(film, visitor, words.question);
    await visitor.get('composer-text').press('Enter');
    await visitor.step('agent_begun').waitFor();
    await film.take(1400);
    await film.say(words.kill);
    await film.take(700);
    await visitor.get('kill').click();
    await visitor.gateway('ended');
    await visitor.get('waiting').filter({ hasText: words.down }).waitFor();
    await film.take(2600);
    await film.say(words.restart);
    await visitor.get('restart').click();
    await visitor.step('agent_begun').nth(1).waitFor();
    await film.take(1800);
    await visitor.step('delivered').waitFor();
    await film.say(words.once);
    await visitor.step('delivered').scrollIntoViewIfNeeded();
    await film.take(4200);
    return film.frames;
}

const english = {
    ask: 'A question, by way of WeCom',
    question: 'Which of our teas sold best in October?',
    kill: 'kill -9, while the agent works',
    down: 'The gateway is down',
    restart: 'A new start: the question is still there',
    once: 'Answered, once',
};
const chinese = {
    ask: '成员在企业微信里提问',
    question: '十月哪一款茶卖得最好？',
    kill: '智能体处理到一半：kill -9',
    down: '网关',
    restart: '重新启动：问题还在',
    once: '只回答一次',
};

async function film(name, words, { locale, app, answer }) {
    const visitor = await used.visit({ locale, viewport: size });
    await visitor.useAgent('/bin/sh', '-c', `cat > /dev/null; sleep 3; echo '${answer}'`);
    await visitor.chat(app).click();
    await visitor.page.locator('[data-testid=toast]').first().waitFor({ state: 'detached' });
    const moving = animate(await scene(visitor, words));
    if (moving.length > bytesMax) {
        throw new Error(`${name} has ${moving.length} bytes: more than a reader should load`);
    }
    await writeFile(join(folder, name), moving);
    await visitor.close();
}

await start();
try {
    await film('answered-once.png', english,
               { locale: 'en-US', app: 'assistant', answer: 'Longjing, by a third.' });
    await film('answered-once.zh-CN.png', chinese,
               { locale: 'zh-CN', app: 'it-help', answer: '龙井，多卖了三成。' });
} finally {
    await stop();
}
