// The right side: the steps of one message, or of everything as it happens.
import { byId, el, icon, markTabStop, rove, setText, stickToEnd } from './dom.js';
import { messagePreview } from './bubble.js';
import { on } from './changes.js';
import { clock } from './format.js';
import {
    chatOf, chosenChat, mayLackSteps, mergeSteps, questionOf, select, shownEntry, state,
} from './state.js';
import { isTrouble, searchText, stepRow } from './step.js';
import { forThisTab } from './storage.js';
import { t } from './texts.js';

const everythingMax = 500;  // rows
const trimmedTogether = 100;

let tab = forThisTab.read('wireTab', 'message');
let filter = '';
let onlyTrouble = false;
let shown = null;      // the member's entry whose steps are drawn
let firstAt = new Map();  // by entry: of its first step
let drawnUpTo = 0;     // the sequence of the last step in the list
let unseen = 0;
let end = null;
const asked = new Set();  // entries whose earlier steps were fetched

function since(step) {
    if (step.entry === 0) {
        return null;
    }
    if (!firstAt.has(step.entry)) {
        firstAt.set(step.entry, state.stepsOf.get(step.entry)?.[0]?.at_ms ?? step.at_ms);
    }
    return Math.max(0, step.at_ms - firstAt.get(step.entry));
}

const row = (step) => stepRow(step, since(step), { where: tab === 'everything' });

// What an app sent without being asked has no message of the member's: its steps are those of the
// chat with no entry.
function stepsOfMessage() {
    const entry = shownEntry();
    shown = entry === null ? null : questionOf(entry)?.number ?? 0;
    if (shown !== 0) {
        return state.stepsOf.get(shown) ?? [];
    }
    return state.steps.filter((step) => isUnaskedFor(step, entry));
}

function isUnaskedFor(step, entry) {
    return step.entry === 0 && step.app === entry.app && step.user !== '' &&
           step.user.toLowerCase() === entry.user.toLowerCase();
}

// The texts of a message are the member's and those of what answers it.
function isWanted(step) {
    if (onlyTrouble && !isTrouble(step)) {
        return false;
    }
    const entry = filter === '' ? null : state.entries.get(step.entry);
    const texts = entry
        ? chatOf(entry.app, entry.user).entries
            .filter((other) => other === entry || other.answers === entry.number)
            .map(({ content }) => content).join(' ')
        : '';
    return filter === '' || searchText(step, texts).includes(filter);
}

const stepsOfEverything = () => state.steps.filter(isWanted).slice(-everythingMax);

function draw() {
    const list = byId('steps');
    firstAt = new Map();
    const steps = tab === 'everything' ? stepsOfEverything() : stepsOfMessage();
    list.replaceChildren(...steps.map(row));
    drawnUpTo = steps.at(-1)?.sequence ?? 0;
    markTabStop(list, '.step-line', list.querySelector('.step-line'));
    drawTabs();
    drawSubject();
    showEmpty();
    unseen = 0;
    if (tab === 'everything') {
        end.toEnd();
    } else {
        byId('steps-scroller').scrollTop = 0;
        fetchEarlier();
    }
}

// Many at a time: each removal at the start moves all the others.
function trim(list) {
    while (list.childElementCount > everythingMax - trimmedTogether) {
        list.firstElementChild.remove();
    }
}

function takeSteps(steps) {
    const list = byId('steps');
    const entry = shownEntry();
    const ours = steps.filter((step) => {
        if (step.sequence <= drawnUpTo) {
            return false;  // drawn together with its message, which came in the same frame
        }
        if (tab === 'everything') {
            return isWanted(step);
        }
        return shown === 0 ? isUnaskedFor(step, entry)
            : (state.stepsOf.get(shown) ?? []).includes(step);
    });
    if (ours.length === 0) {
        return;
    }
    list.append(...ours.map(row));
    drawnUpTo = ours.at(-1).sequence;
    if (tab === 'everything' && list.childElementCount > everythingMax) {
        trim(list);
    }
    if (!list.querySelector('.step-line[tabindex="0"]')) {
        markTabStop(list, '.step-line', list.querySelector('.step-line'));
    }
    unseen += end.isAtEnd() ? 0 : ours.length;
    showUnseen();
    showEmpty();
}

// A new message of the member's becomes the one that is shown, unless the reader chose another.
function takeEntries() {
    if (tab === 'message' && state.selected === null && (shownEntry()?.number ?? null) !== shown) {
        draw();
    }
}

async function fetchEarlier() {
    const entry = state.entries.get(shown);
    // What was fetched may have been forgotten again.
    const isThere = asked.has(shown) && state.stepsOf.has(shown);
    if (!entry || isThere || !mayLackSteps(entry)) {
        return;
    }
    asked.add(entry.number);
    const answer = await fetch(`steps?entry=${entry.number}`).catch(() => null);
    if (answer?.ok) {
        mergeSteps(entry.number, (await answer.json()).steps);
        if (tab === 'message' && shown === entry.number) {
            draw();
        }
    }
}

function drawTabs() {
    for (const name of ['message', 'everything']) {
        const isChosen = tab === name;
        byId(`tab-${name}`).setAttribute('aria-selected', String(isChosen));
        byId(`tab-${name}`).tabIndex = isChosen ? 0 : -1;
    }
    byId('wire-panel').setAttribute('aria-labelledby', `tab-${tab}`);
}

function filterField() {
    const field = el('input', { type: 'search', class: 'filter', placeholder: t('filter'),
                                'aria-label': t('filter'), value: filter,
                                data: { testid: 'filter' } });
    field.addEventListener('input', () => {
        filter = field.value.trim().toLowerCase();
        drawEverything();
    });
    return field;
}

function troubleSwitch() {
    const button = el('button', { type: 'button', class: 'small', 'aria-pressed': String(onlyTrouble),
                                  data: { testid: 'only-trouble' } }, t('onlyTrouble'));
    button.addEventListener('click', () => {
        onlyTrouble = !onlyTrouble;
        button.setAttribute('aria-pressed', String(onlyTrouble));
        drawEverything();
    });
    return button;
}

function drawEverything() {
    byId('steps').replaceChildren(...stepsOfEverything().map(row));
    drawnUpTo = state.steps.at(-1)?.sequence ?? 0;
    markTabStop(byId('steps'), '.step-line', byId('steps').querySelector('.step-line'));
    showEmpty();
    end.toEnd();
}

function drawSubject() {
    const subject = byId('wire-subject');
    if (tab === 'everything') {
        if (!subject.querySelector('.filter') || subject.dataset.language !== t('filter')) {
            subject.dataset.language = t('filter');
            subject.replaceChildren(filterField(), troubleSwitch());
        }
        return;
    }
    const entry = shownEntry();
    const isFollowing = state.selected === null;
    subject.replaceChildren(...(entry === null ? [] : [
        el('p', { class: 'subject' },
           el('span', { class: 'subject-label' },
              `${t(isFollowing ? 'following' : 'chosenMessage')} · ${clock(entry.at_ms)}`),
           el('span', { class: 'subject-text' }, messagePreview(entry))),
        isFollowing ? null : el(
            'button',
            { type: 'button', class: 'small', data: { testid: 'follow' },
              on: { click: () => select(null) } },
            icon('restart'), t('followLatest')),
    ].filter(Boolean)));
}

function showEmpty() {
    const isEmpty = byId('steps').childElementCount === 0;
    byId('no-steps').hidden = !isEmpty;
    const hasMessages = (chosenChat()?.entries.length ?? 0) > 0;
    setText(byId('no-steps'), t(hasMessages ? 'noStepsFor' : 'noSteps'));
}

function showUnseen() {
    unseen = end.isAtEnd() ? 0 : unseen;
    byId('new-steps').hidden = unseen === 0;
    setText(byId('new-steps'), t('newSteps', { n: unseen }));
}

function chooseTab(name) {
    tab = name;
    forThisTab.write('wireTab', name);
    draw();
}

export function startWire() {
    end = stickToEnd(byId('steps-scroller'), byId('wire-panel'), showUnseen);
    byId('new-steps').addEventListener('click', end.toEnd);
    byId('tab-message').addEventListener('click', () => chooseTab('message'));
    byId('tab-everything').addEventListener('click', () => chooseTab('everything'));
    rove(byId('wire-tabs'), '[role=tab]', { horizontal: true, onMove: (item) => item.click() });
    rove(byId('steps'), '.step-line');
    on('snapshot', () => asked.clear());
    on('snapshot language', draw);
    on('chosen client', () => {
        if (tab === 'message') {
            draw();
        }
    });
    on('selected', () => chooseTab('message'));
    on('steps', takeSteps);
    on('entries', takeEntries);
}
