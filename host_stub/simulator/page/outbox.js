// What the gateway keeps: what waits, and why; what was set aside, and the way back. All of it is
// what `state` says; of a message that is on the page the wire knows how far it is.
import { messagePreview } from './bubble.js';
import { announce, on } from './changes.js';
import { request } from './connection.js';
import { byId, el, icon, setText } from './dom.js';
import { clock, shortTime } from './format.js';
import { isOpen, progressOf } from './progress.js';
import { progressText } from './progress_text.js';
import { said } from './said.js';
import { choose, memberOf, select, state } from './state.js';
import { t } from './texts.js';
import { ask, toast } from './toasts.js';

const pause = 1000;  // ms between two looks
const columns = ['pending', 'inFlight', 'retrying', 'dead', 'oldest'];
// After which steps it is another number.
const kinds = ['committed', 'agent_begun', 'agent_silent', 'agent_stopped', 'agent_interrupted',
               'reply_stored', 'put_off', 'set_aside', 'accepted', 'gateway_started',
               'gateway_ended'];
const rareKinds = ['put_off', 'set_aside', 'gateway_started'];  // looked at while it is closed, too

let seen = null;      // {platforms, waiting, dead}, or {problem}
let isLooking = false;
let isWanted = false;  // once more
let timer = 0;

const isShown = () => byId('outbox').open;

async function look() {
    if (isLooking) {
        isWanted = true;
        return;
    }
    isLooking = true;
    isWanted = false;
    try {
        seen = await request('state');
    } catch (problem) {
        seen = { problem: problem.message || t('failedToDo') };
    }
    draw();
    setTimeout(() => {
        isLooking = false;
        if (isWanted) {
            look();
        }
    }, pause);
}

const open = (side) => side.pending + side.in_flight + side.retrying;

const countOpen = () => seen?.platforms?.reduce(
    (all, { inbox, outbox }) => all + open(inbox) + open(outbox), 0) ?? 0;

function sideRow(name, side) {
    return el('tr', { data: { testid: `outbox-${name}` } },
              el('th', { scope: 'row' }, t(`side.${name}`)),
              [side.pending, side.in_flight, side.retrying, side.dead].map(
                  (count) => el('td', { class: count === 0 ? 'none' : null }, String(count))),
              el('td', {}, side.oldest ? shortTime(Date.parse(side.oldest)) : ''));
}

function counts({ location, inbox, outbox }) {
    return el('table', { title: said(location), data: { testid: 'outbox-counts' } },
              el('thead', {}, el('tr', {}, el('td', {}), columns.map(
                  (name) => el('th', { scope: 'col' }, t(`count.${name}`))))),
              el('tbody', {}, sideRow('inbox', inbox), sideRow('outbox', outbox)));
}

// The member's message that it is, or that it answers, if the page has it.
function entryOf({ message_id: msgid }) {
    return msgid === '' ? null
        : [...state.entries.values()].findLast((entry) => entry.from === 'member' &&
                                                          entry.msgid === msgid) ?? null;
}

function show(entry) {
    choose(entry.app, entry.user);
    select(entry.number);
}

// A chat is the corp's id and the member's.
const nameOf = ({ account, chat }) => memberOf(account, chat.slice(chat.indexOf(':') + 1)).name;

function stateText({ side, worked_on: isWorkedOn, attempts, reason }) {
    const key = side === 'outbox' ? (reason ? 'progressWaits' : 'progressStored')
        : isWorkedOn ? 'waiting' : 'progressQueued';
    return [t(key, { why: said(reason) }), attempts > 0 ? t('attempts', { n: attempts }) : '']
        .filter(Boolean).join(' · ');
}

function waitingRow(waiting) {
    const entry = entryOf(waiting);
    const progress = entry ? progressOf(state.stepsOf.get(entry.number) ?? []) : null;
    const isKnown = progress !== null && isOpen(progress) && progress.phase !== 'set_aside';
    const content = [
        el('span', { class: 'letter-text' }, entry ? messagePreview(entry) : waiting.preview),
        el('span', { class: 'letter-why' },
           isKnown ? progressText(progress)[0] : stateText(waiting)),
        el('span', { class: 'letter-where' },
           [t(`side.${waiting.side}`), waiting.id, waiting.account, nameOf(waiting),
            shortTime(Date.parse(waiting.created_at))].filter(Boolean).join(' · ')),
    ];
    const data = { testid: 'outbox-waiting', id: waiting.id, side: waiting.side,
                   phase: isKnown ? progress.phase : '' };
    // From before the simulator's start, or sent from the terminal: there is nowhere to lead to.
    return entry
        ? el('button', { type: 'button', class: 'letter', data, on: { click: () => show(entry) } },
             content)
        : el('div', { class: 'letter', data }, content);
}

async function retry(letter, button) {
    button.disabled = true;
    await ask('retry', { id: letter.id });
    look();
}

async function retryAll(button) {
    button.disabled = true;
    const done = await ask('retry_all');
    if (done !== null) {
        toast(said(done.text));
    }
    look();
}

function letterRow(letter) {
    const button = el('button', { type: 'button', class: 'small', disabled: !state.isConnected,
                                  'aria-label': `${t('retry')}: ${letter.id}`,
                                  data: { testid: 'retry' } }, icon('restart'), t('retry'));
    button.addEventListener('click', () => retry(letter, button));
    return el('div',
              { class: 'letter', data: { testid: 'letter', id: letter.id, side: letter.side } },
              el('span', { class: 'letter-text' }, letter.preview || letter.content),
              el('span', { class: 'letter-why' }, said(letter.reason)),
              el('span', { class: 'letter-where' },
                 [t(`side.${letter.side}`), letter.id, letter.account, nameOf(letter),
                  letter.attempts > 0 ? t('attempts', { n: letter.attempts }) : '']
                     .filter(Boolean).join(' · ')),
              button);
}

function letters(dead) {
    if (dead.length === 0) {
        return [];
    }
    const button = el('button', { type: 'button', class: 'small', disabled: !state.isConnected,
                                  data: { testid: 'retry-all' } },
                      icon('restart'), t('retryAll'));
    button.addEventListener('click', () => retryAll(button));
    return [el('div', { class: 'outbox-head' }, el('h3', {}, t('setAside')),
               dead.length > 1 ? button : null),
            ...dead.map(letterRow)];
}

function content() {
    if (seen === null) {
        return [el('p', { class: 'quiet' }, t('looking'))];
    }
    if (seen.problem !== undefined) {
        return [el('p', { class: 'complaint', data: { testid: 'outbox-problem' } }, seen.problem)];
    }
    const { waiting } = seen;
    const total = countOpen();
    return [
        ...seen.platforms.map(counts),
        ...(waiting.length > 0 ? [el('h3', {}, t('whatWaits')), ...waiting.map(waitingRow)] : []),
        ...letters(seen.dead),
        total === 0 && seen.dead.length === 0
            ? el('p', { class: 'quiet', data: { testid: 'outbox-empty' } }, t('nothingWaits')) : null,
    ].filter((node) => node !== null);
}

// The rows are made anew: whoever was at a button stays at the one in its place.
function draw() {
    drawCount();
    clearTimeout(timer);
    if (!isShown()) {
        return;
    }
    const list = byId('outbox-list');
    const focused = list.contains(document.activeElement)
        ? [...list.querySelectorAll('button')].indexOf(document.activeElement) : -1;
    list.replaceChildren(...content());
    if (focused >= 0) {
        const buttons = list.querySelectorAll('button');
        (buttons[focused] ?? buttons[buttons.length - 1] ?? byId('outbox').querySelector('summary'))
            .focus();
    }
    if (list.querySelector('[data-testid=outbox-waiting]')) {
        timer = setTimeout(draw, 1000);  // the time that has passed
    }
}

function drawCount() {
    const waiting = countOpen();
    const dead = seen?.dead?.length ?? 0;
    const badge = byId('outbox-count');
    badge.hidden = waiting + dead === 0;
    badge.classList.toggle('is-bad', dead > 0);
    setText(badge, [waiting > 0 ? t('countWaiting', { n: waiting }) : '',
                    dead > 0 ? t('countDead', { n: dead }) : ''].filter(Boolean).join(' · '));
}

function takeSteps(steps) {
    const hasCount = !byId('outbox-count').hidden;
    const wanted = isShown() || hasCount ? kinds : rareKinds;
    if (steps.some(({ kind }) => wanted.includes(kind))) {
        look();
    }
}

export function startOutbox() {
    byId('outbox').addEventListener('toggle', () => {
        if (isShown()) {
            draw();
            look();
        }
    });
    on('steps', takeSteps);
    on('snapshot', look);
    on('language connection', draw);
    on('letters', () => {
        announce('wireWanted');
        byId('outbox').open = true;
        byId('outbox').querySelector('summary').focus();
    });
}
