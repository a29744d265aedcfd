// A running simulator, and a browser in front of its page.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

const program = process.env.HERMES_HOST_STUB;
const pluginsFolder = process.env.HERMES_PLUGINS;
// Chromium without its own windows: the same pages in three fifths of the time.
const browserProgram = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

// One that beeps, and that nobody is asked about.
const fakeMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export const patience = 30_000;  // ms; generous, for a machine with much to do

// ms; then a file's tests have hung. Sooner than ctest gives up, which would not say where.
const longestRun = 280_000;

class Simulator {
    static async start(more) {
        const simulator = new Simulator(await mkdtemp(join(tmpdir(), 'hermes-browser-')), more);
        await simulator.begin();
        return simulator;
    }

    constructor(folder, more = []) {
        this.folder = folder;
        this.more = more;  // of the command line
    }

    // Again on the same port.
    async begin() {
        const port = this.url ? new URL(this.url).port : '0';
        this.child = spawn(
            program,
            ['simulate', '--port', port, '--run-dir', this.folder, '--plugins-dir', pluginsFolder,
             ...this.more],
            { stdio: ['pipe', 'pipe', 'inherit'] });
        this.ended = new Promise((resolve) => this.child.once('exit', resolve));
        await this.#ready();
    }

    // The lines are read to the end: a simulator that can't print waits.
    #ready() {
        return new Promise((resolve, reject) => {
            createInterface({ input: this.child.stdout }).on('line', (line) => {
                this.api ??= line.match(/WeCom is simulated at ([^\s,]+)/)?.[1];
                this.url ??= line.match(/chat page: (\S+)/)?.[1];
                this.apiBase = line.match(/WeCom is simulated at ([^\s,]+)/)?.[1] ?? this.apiBase;
                if (line.startsWith('write a line')) {
                    resolve();
                }
            });
            this.ended.then(() => reject(new Error('the simulator ended before it was ready')));
        });
    }

    // As if it had been typed at the terminal.
    type(line) {
        this.child.stdin.write(`${line}\n`);
    }

    // A scenario, with this simulator's agent and beside it: its exit status, and what it printed.
    async play(file) {
        const child = spawn(
            program,
            ['simulate', '--play', file, '--run-dir', this.folder, '--plugins-dir', pluginsFolder],
            { stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = new Promise((resolve) => child.once('close', resolve));
        let printed = '';
        child.stdout.setEncoding('utf8').on('data', (text) => { printed += text; });
        return { status: await ended, printed };
    }

    config() {
        return readFile(join(this.folder, 'config.yaml'), 'utf8');
    }

    log() {
        return readFile(join(this.folder, 'gateway.log'), 'utf8');
    }

    writeConfig(text) {
        return writeFile(join(this.folder, 'config.yaml'), text);
    }

    // Lines among the platform's settings, for the next start of the gateway.
    async setUp(lines) {
        const at = '      allow_all_users: true\n';
        await this.writeConfig((await this.config()).replace(at, at + lines));
    }

    // Its exit status. The end of input alone would wait for replies that are due.
    async end() {
        this.child.stdin.end(':quit\n');
        const hangs = setTimeout(() => void this.explain('the simulator does not end'), 2 * patience);
        const status = await this.ended;
        clearTimeout(hangs);
        return status;
    }

    // What a test that hangs needs to be understood, and its end.
    async explain(what) {
        const lines = (await this.log().catch((error) => error.message)).split('\n');
        process.stderr.write(`${what}; the end of its log:\n${lines.slice(-40).join('\n')}\n`);
        this.child.kill('SIGKILL');
        process.exit(1);
    }

    // As by kill -9.
    kill() {
        this.child.kill('SIGKILL');
        return this.ended;
    }

    async stop() {
        const status = await this.end();
        // Of root, PostgreSQL's data are elsewhere.
        const data = await realpath(join(this.folder, 'postgresql')).catch(() => this.folder);
        await rm(data, { recursive: true, force: true });
        await rm(this.folder, { recursive: true, force: true });
        return status;
    }
}

// A page as one person has it open. Whatever the console complains about fails the test at close.
export class Visitor {
    static async open(browser, url, options = {}) {
        const context = await browser.newContext({
            viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options,
        });
        return Visitor.#openIn(context, url, []);
    }

    static async #openIn(context, url, complaints) {
        const page = await context.newPage();
        page.setDefaultTimeout(patience);
        const visitor = new Visitor(context, page, complaints);
        await page.goto(url);
        await page.getByTestId('chat-item').first().waitFor();
        return visitor;
    }

    constructor(context, page, complaints) {
        this.context = context;
        this.page = page;
        this.complaints = complaints;
        page.on('console', (message) => {
            if (['error', 'warning'].includes(message.type())) {
                this.complaints.push(message.text());
            }
        });
        page.on('pageerror', (error) => this.complaints.push(error.message));
    }

    // In the same browser; closed together with this one.
    openTab(url) {
        return Visitor.#openIn(this.context, url, this.complaints);
    }

    get(testid) {
        return this.page.getByTestId(testid);
    }

    chat(app) {
        return this.page.locator(`[data-testid=chat-item][data-app="${app}"]`);
    }

    member(user) {
        return this.page.locator(`[data-testid=member-item][data-user="${user}"]`).first();
    }

    bubble(from, text) {
        return this.page.locator(`[data-testid=bubble][data-from=${from}]`)
            .filter({ hasText: text });
    }

    step(kind) {
        return this.page.locator(`[data-testid=wire-step][data-kind=${kind}]`);
    }

    fault(name) {
        return this.page.locator(`[data-testid=fault-switch][data-name="${name}"]`);
    }

    async write(text) {
        await this.get('composer-text').fill(text);
        await this.get('composer-text').press('Enter');
        await this.bubble('member', text).waitFor();
    }

    async answered(text) {
        await this.bubble('app', text).waitFor();
    }

    // The form of the agent, with that kind chosen.
    async openAgent(kind) {
        await this.get('connect-agent').click();
        await this.get(`kind-${kind}`).click();
    }

    // As the form has it; the gateway has started anew.
    async putToWork() {
        await this.get('agent-use').click();
        await this.page.locator('dialog[open]').waitFor({ state: 'detached' });
        await this.gateway('ready');
    }

    // `command`: the program and its arguments.
    useAgent(...command) {
        return this.#useProgram(command, false);
    }

    // One whose answers are objects.
    useJsonAgent(...command) {
        return this.#useProgram(command, true);
    }

    async #useProgram(command, isJson) {
        await this.openAgent('command');
        await this.get('agent-command').fill(command.join('\n'));
        await this.get('agent-output').setChecked(isJson);
        await this.putToWork();
    }

    async gateway(state) {
        await this.page.locator(`[data-testid=gateway-state][data-state=${state}]`).waitFor();
    }

    // One that runs; the page says "ready" of that one until it has been told better.
    async restartGateway() {
        const pid = this.page.locator('#gateway .pid');
        const before = await pid.innerText();
        await this.get('restart').click();
        await pid.filter({ hasNotText: before }).waitFor();
        await this.gateway('ready');
    }

    // As if the simulator had told so many; it counts on as before, so that what it tells then is not
    // seen until the page is loaded anew.
    seeStepsOfOthers(count) {
        return this.page.evaluate(async (howMany) => {
            const { state, take } = await import('./state.js');
            const last = state.steps.at(-1);
            for (let n = 1; n <= howMany; n += 1) {
                take({ type: 'step', step: { ...last, kind: 'gateway_log', entry: 0, app: '',
                                             user: '', sequence: last.sequence + n } });
            }
            await new Promise(requestAnimationFrame);
        }, count);
    }

    async openFaults() {
        await this.get('open-faults').click();
        await this.get('outage').waitFor();
    }

    // The browser complains by itself of an answer that is a refusal.
    wasRefused(status) {
        const others = this.complaints.filter((complaint) => !complaint.includes(`${status}`));
        if (others.length === this.complaints.length) {
            throw new Error(`nothing was answered ${status}`);
        }
        this.complaints = others;
    }

    async close() {
        await this.context.close();
        if (this.complaints.length > 0) {
            throw new Error(`the console complained: ${this.complaints.join('; ')}`);
        }
    }
}

// Both, for the tests of one file: `before` and `after` are node:test's. `more`: options of
// `simulate`.
export function useSimulator({ before, after }, ...more) {
    const used = {};
    setTimeout(() => void used.simulator?.explain('the tests do not end'), longestRun).unref();
    before(async () => {
        used.simulator = await Simulator.start(more);
        // Chromium's sandbox needs rights that a container does not give; the page is our own.
        used.browser = await chromium.launch({ executablePath: browserProgram,
                                               args: ['--no-sandbox', ...fakeMicrophone] });
        used.visit = (options) => Visitor.open(used.browser, used.simulator.url, options);
    });
    after(async () => {
        await used.browser?.close();
        await used.simulator?.stop();
    });
    return used;
}
