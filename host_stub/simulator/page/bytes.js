// The exact bytes of a step: what was sent, what was answered, and what had been encrypted.
import { replayButton } from './again.js';
import { curlOf } from './curl.js';
import { el, icon, rove } from './dom.js';
import { t } from './texts.js';
import { runAgain } from './trial.js';

const isCallback = ({ kind }) => ['callback_sent', 'callback_replayed'].includes(kind);

// What the three are, by who speaks: WeCom and the gateway, or the agent.
const wireParts = [['request', 'bytesRequest'], ['response', 'bytesResponse'],
                   ['plain', 'bytesPlain']];
const agentParts = [['request', 'bytesGiven'], ['response', 'bytesOutput'], ['plain', 'bytesErrors']];
const partsOf = ({ kind }) => (kind.startsWith('agent_') ? agentParts : wireParts);

function prettyXml(text) {
    const tokens = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/gu) ?? [];
    let depth = 0;
    let line = '';
    const lines = [];
    const end = () => {
        if (line.trim() !== '') {
            lines.push(line);
        }
        line = '';
    };
    for (const [at, token] of tokens.entries()) {
        const isClosing = token.startsWith('</');
        const isOpening = /^<[^/!?]/u.test(token) && !token.endsWith('/>');
        depth -= isClosing ? 1 : 0;
        const isOnItsOwn = isOpening || (isClosing && tokens[at - 1]?.startsWith('</'));
        if (isOnItsOwn) {
            end();
            line = '  '.repeat(Math.max(depth, 0));
        }
        line += token.startsWith('<![CDATA[') ? token : token.trim();
        depth += isOpening ? 1 : 0;
    }
    end();
    return lines.join('\n');
}

function prettyBody(body) {
    const trimmed = body.trim();
    if (trimmed.startsWith('<')) {
        return prettyXml(trimmed);
    }
    try {
        return JSON.stringify(JSON.parse(trimmed), null, 2);
    } catch {
        return body;
    }
}

// A request is a line with its address, an empty line, and the body.
function pretty(text) {
    const end = text.indexOf('\n\n');
    return end < 0 || /^[<{[]/u.test(text.trim())
        ? prettyBody(text)
        : `${text.slice(0, end)}\n\n${prettyBody(text.slice(end + 2))}`;
}

async function copy(text, button, shown, key) {
    const label = button.querySelector('.label');
    try {
        await navigator.clipboard.writeText(text);
        label.textContent = t('copied');
    } catch {
        shown.textContent = text;
        getSelection().selectAllChildren(shown);
        label.textContent = t('copyFailed');
    }
    setTimeout(() => { label.textContent = t(key); }, 2000);
}

// `key`: of its label. Where it can't be copied, it is shown and selected.
export function copyButton(text, shown, key = 'copy') {
    const button = el('button', { type: 'button', class: 'small', data: { testid: key } },
                      icon('copy'), el('span', { class: 'label', 'aria-live': 'polite' }, t(key)));
    button.addEventListener('click', () => copy(text(), button, shown, key));
    return button;
}

async function load(sequence) {
    const answer = await fetch(`steps/${sequence}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
}

function callbackButtons(step, bytes, shown) {
    return isCallback(step)
        ? [copyButton(() => curlOf(bytes.request), shown, 'copyCurl'), replayButton(step)] : [];
}

function show(panel, step, bytes) {
    const parts = partsOf(step);
    const present = parts.filter(([name]) => bytes[name]);
    if (present.length === 0) {
        panel.replaceChildren(el('p', { class: 'quiet' }, t('noBytes')));
        return;
    }
    const view = { part: present[0][0], isPretty: false };
    const text = () => (view.isPretty ? pretty(bytes[view.part]) : bytes[view.part]);
    const shown = el('pre', { id: `bytes-${step.sequence}`, role: 'tabpanel', tabindex: '0',
                              data: { testid: 'bytes' } });
    const tabs = present.map(([name, key]) => el(
        'button',
        { type: 'button', role: 'tab', 'aria-controls': shown.id, data: { part: name },
          on: { click: () => choose(name) } },
        t(key)));
    const list = el('div', { class: 'segments', role: 'tablist', 'aria-label': t('bytes') }, tabs);
    const switchButton = el('button', { type: 'button', class: 'small toggle', role: 'switch',
                                        title: t('prettyHint'), data: { testid: 'pretty' } },
                            t('pretty'));
    const draw = () => {
        tabs.forEach((tab) => {
            const isShown = tab.dataset.part === view.part;
            tab.setAttribute('aria-selected', String(isShown));
            tab.tabIndex = isShown ? 0 : -1;
        });
        switchButton.setAttribute('aria-checked', String(view.isPretty));
        shown.setAttribute('aria-label', t(parts.find(([name]) => name === view.part)[1]));
        shown.textContent = text();
    };
    const choose = (name) => { view.part = name; draw(); };
    switchButton.addEventListener('click', () => { view.isPretty = !view.isPretty; draw(); });
    rove(list, '[role=tab]', { horizontal: true, onMove: (tab) => tab.click() });
    draw();
    panel.replaceChildren(
        el('div', { class: 'bytes-head' }, list, el('span', { class: 'gap' }), switchButton,
           copyButton(text, shown), ...callbackButtons(step, bytes, shown)),
        shown, ...(step.kind === 'agent_begun' ? [runAgain(step, bytes.request)] : []));
}

export function bytesPanel(step) {
    const panel = el('div', { class: 'bytes' });
    if (!step.has_bytes) {
        panel.append(el('p', { class: 'quiet' }, t('noBytes')));
        return panel;
    }
    load(step.sequence).then((bytes) => {
        if (bytes === null) {
            panel.replaceChildren(el('p', { class: 'quiet' }, t('bytesFailed')));
        } else {
            show(panel, step, bytes);
        }
    });
    return panel;
}
