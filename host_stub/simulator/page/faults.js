// What can be broken on purpose: the named faults, an outage, the access token, the callback URL.
import { byId, el, icon, setText } from './dom.js';
import { on } from './changes.js';
import { chosenChat, state } from './state.js';
import { hasText, t } from './texts.js';
import { ask, toast } from './toasts.js';

const groups = [
    ['groupCallback', ['unreachable', 'slow', 'lost-answer']],
    ['groupSend', ['busy', 'rate-limit', 'untrusted-ip', 'invisible', 'bad-gateway', 'slow-api', 'drop']],
    ['groupLost', ['drop-answer', 'half-answer', 'hang']],
    ['groupFiles', ['slow-file', 'cut-file', 'wrong-length-file', 'endless-file', 'lost-file']],
    ['groupToken', ['no-token']],
];

export function faultTitle(name) {
    return hasText(`fault.${name}`) ? t(`fault.${name}`) : name || t('otherFault');
}

function faultText({ name, text }) {
    return hasText(`fault.${name}.text`) ? t(`fault.${name}.text`) : text;
}

const activeOf = (name) => state.activeFaults.filter((fault) => fault.name === name);
const brokenCount = () => state.activeFaults.length + (state.apiIsUp ? 0 : 1);

function leftText(active) {
    const isUntilOff = active.some(({ left }) => left === null);
    const sum = active.reduce((total, { left }) => total + (left ?? 0), 0);
    return isUntilOff ? t('untilOff') : t('left', { n: sum });
}

function flip(name) {
    const active = activeOf(name);
    if (active.length === 0) {
        ask('fault', { name });
    } else {
        active.forEach(({ id }) => ask('unfault', { fault_id: id }));
    }
}

function switchRow({ isOn, title, text, left, data, run }) {
    return el('button',
              { type: 'button', class: 'switch-row', role: 'switch', 'aria-checked': String(isOn),
                disabled: !state.isConnected, data, on: { click: run } },
              el('span', { class: 'switch', 'aria-hidden': 'true' }),
              el('span', { class: 'switch-text' }, el('strong', {}, title),
                 el('span', {}, text),
                 left ? el('span', { class: 'left' }, left) : null));
}

function faultRow(fault) {
    const active = activeOf(fault.name);
    return switchRow({
        isOn: active.length > 0,
        title: faultTitle(fault.name),
        text: faultText(fault),
        left: active.length > 0 ? leftText(active) : '',
        data: { testid: 'fault-switch', name: fault.name },
        run: () => flip(fault.name),
    });
}

// Set by hand or by a test: they can be removed here.
function strangerRow(fault) {
    return switchRow({
        isOn: true,
        title: faultTitle(fault.name),
        text: fault.kind,
        left: leftText([fault]),
        data: { testid: 'fault-other', id: fault.id },
        run: () => ask('unfault', { fault_id: fault.id }),
    });
}

function group(title, rows) {
    return rows.length === 0 ? [] : [el('h3', {}, title), ...rows];
}

function outageRow() {
    return switchRow({
        isOn: !state.apiIsUp,
        title: t('outage'),
        text: t('outageText'),
        left: '',
        data: { testid: 'outage' },
        run: () => ask(state.apiIsUp ? 'outage' : 'up'),
    });
}

async function askAbout(what, app, words) {
    if (await ask(what, { app }) !== null) {
        toast(t(words, { app }));
    }
}

function appActions() {
    const app = chosenChat()?.app;
    return app === undefined ? [] : [el(
        'div', { class: 'fault-actions' },
        [['revoke', 'token', 'revoked'], ['verify', 'shield', 'verified']].map(
            ([what, symbol, words]) => el(
                'button',
                { type: 'button', class: 'small', disabled: !state.isConnected,
                  data: { testid: what }, on: { click: () => askAbout(what, app, words) } },
                icon(symbol), t(what, { app }))))];
}

function mendAction() {
    return state.activeFaults.length === 0 ? [] : [el(
        'div', { class: 'fault-actions' },
        el('button',
           { type: 'button', class: 'small', disabled: !state.isConnected,
             data: { testid: 'clear-faults' }, on: { click: () => ask('clear_faults') } },
           icon('check'), t('clearFaults')))];
}

function draw() {
    const list = byId('fault-list');
    const grouped = new Set(groups.flatMap(([, names]) => names));
    const known = new Set(state.faults.map(({ name }) => name));
    const focused = list.contains(document.activeElement)
        ? [...list.querySelectorAll('button')].indexOf(document.activeElement) : -1;
    const others = [
        ...state.faults.filter(({ name }) => !grouped.has(name)).map(faultRow),
        ...state.activeFaults.filter(({ name }) => !known.has(name)).map(strangerRow),
    ];
    list.replaceChildren(
        outageRow(),
        ...groups.flatMap(([title, names]) => group(
            t(title), state.faults.filter(({ name }) => names.includes(name)).map(faultRow))),
        ...group(t('groupOther'), others),
        ...appActions(),
        ...mendAction());
    list.querySelectorAll('button')[focused]?.focus();
    const count = byId('fault-count');
    count.hidden = brokenCount() === 0;
    setText(count, t('faultsActive', { n: brokenCount() }));
}

export function startFaults() {
    on('snapshot faults connection chosen language', draw);
}
