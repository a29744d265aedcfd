// The middle: the chosen chat's messages, kept up to date without being drawn again.
import { avatar, byId, el, icon, markTabStop, rove, setText, stickToEnd } from './dom.js';
import { bubble, entering } from './bubble.js';
import { announce, on } from './changes.js';
import { lookOf, separatorTime } from './format.js';
import {
    appOf, chatKey, chosenChat, corpOf, isEntering, memberOf, select, state,
} from './state.js';
import { isOpen, progressOf } from './progress.js';
import { progressText } from './progress_text.js';
import { forGood } from './storage.js';
import { t } from './texts.js';

const separatorGap = 5 * 60_000;  // ms of silence after which the chat shows the time
const nodesMax = 2000;
const chunkSize = 40;  // messages that the browser lays out, or leaves out, together

const nodes = new Map();  // by number
let lastAt = 0;           // of the last message that is shown, as is the following
let lastNumber = 0;
let unseen = 0;
let end = null;
let waitingTimer = 0;

function nodeOf(entry, isSelected) {
    return isEntering(entry) ? entering(entry, isSelected) : bubble(entry, isSelected);
}

// Needs `lastAt` of the message before it.
function nodesFor(entry) {
    const node = nodeOf(entry, entry.number === state.selected);
    nodes.set(entry.number, node);
    const separator = entry.at_ms - lastAt > separatorGap
        ? el('p', { class: 'separator' }, separatorTime(entry.at_ms)) : null;
    lastAt = entry.at_ms;
    lastNumber = entry.number;
    return separator ? [separator, node] : [node];
}

function draw() {
    const chat = chosenChat();
    const log = byId('log');
    nodes.clear();
    lastAt = 0;
    lastNumber = 0;
    log.setAttribute('aria-busy', 'true');  // a chat that is opened is not news
    log.setAttribute('aria-live', 'off');
    log.replaceChildren();
    append(log, chat?.entries ?? []);
    requestAnimationFrame(() => {
        log.removeAttribute('aria-busy');
        log.setAttribute('aria-live', 'polite');
    });
    drawHead(chat);
    showWelcome(chat);
    showWaiting();
    end.toEnd();
}

function append(log, entries) {
    let chunk = log.lastElementChild;
    for (const entry of entries) {
        if (chunk === null || chunk.childElementCount >= chunkSize) {
            chunk = log.appendChild(el('div', { class: 'chunk' }));
        }
        chunk.append(...nodesFor(entry));
    }
    markTabStop(log, '.entry', nodes.get(lastNumber));
}

function takeEntries(entries) {
    const log = byId('log');
    const chat = chosenChat();
    const ours = entries.filter(({ app, user }) => chatKey(app, user) === state.chosen);
    const fresh = ours.filter((entry) => !nodes.has(entry.number));
    if (fresh.some((entry) => entry.number < lastNumber)) {
        draw();  // in between: does not happen while entries are numbered as they come
        return;
    }
    for (const entry of ours) {
        const old = nodes.get(entry.number);
        if (old) {
            replace(old, entry);
        }
    }
    append(log, fresh);
    trim(log);
    if (fresh.length > 0) {
        byId('save-scenario').hidden = chat.entries.every(isEntering);
        unseen += end.isAtEnd() ? 0 : fresh.length;
        showUnseen();
    }
    showWelcome(chat);
    showWaiting();
}

function replace(old, entry) {
    const node = nodeOf(entry, old.hasAttribute('aria-current'));
    node.tabIndex = old.tabIndex;
    const hadFocus = old === document.activeElement;
    nodes.set(entry.number, node);
    old.replaceWith(node);
    if (hadFocus) {
        node.focus();
    }
}

function trim(log) {
    while (nodes.size > nodesMax) {
        log.firstElementChild.querySelectorAll('.entry').forEach(({ dataset }) => {
            nodes.delete(Number(dataset.number));
        });
        log.firstElementChild.remove();
    }
}

function showUnseen() {
    const button = byId('new-messages');
    button.hidden = end.isAtEnd();
    button.classList.toggle('has-news', unseen > 0);
    setText(button, unseen > 0 ? t('newMessages', { n: unseen }) : t('toEnd'));
}

function drawHead(chat) {
    const head = byId('chat-head');
    byId('chat-head').parentElement.classList.toggle('is-wechat', state.client === 'wechat');
    if (!chat) {
        head.replaceChildren();
        return;
    }
    const app = appOf(chat.app);
    const member = memberOf(chat.app, chat.user);
    const corp = corpOf(app.corp)?.name ?? app.corp;
    head.replaceChildren(
        avatar(lookOf(chat.app)),
        el('div', { class: 'chat-head-text' }, el('h2', {}, chat.app),
           el('p', { title: `${app.corp} · ${t('agentId', { id: app.agent_id })}` },
              t('chatAs', { corp, member: member.name }))),
        saveLink(chat),
        el('div', { class: 'segments', role: 'radiogroup', 'aria-label': t('client'),
                    title: t('clientHint'), data: { testid: 'client-switch' } },
           ['wecom', 'wechat'].map(clientButton)));
}

// The simulator writes it: it knows what broke meanwhile.
function saveLink(chat) {
    return el('a',
              {
                  id: 'save-scenario',
                  class: 'tool',
                  href: `/scenario?${new URLSearchParams({ app: chat.app, user: chat.user })}`,
                  download: '',  // the simulator names it
                  hidden: chat.entries.every(isEntering),
                  title: t('saveScenario'),
                  'aria-label': t('saveScenario'),
                  data: { testid: 'save-scenario' },
              },
              icon('down'));
}

function clientButton(client) {
    const isChosen = state.client === client;
    return el('button',
              {
                  type: 'button',
                  role: 'radio',
                  'aria-checked': String(isChosen),
                  tabindex: isChosen ? '0' : '-1',
                  data: { testid: `client-${client}`, client },
                  on: { click: () => chooseClient(client) },
              },
              t(client === 'wecom' ? 'clientWecom' : 'clientWechat'));
}

function chooseClient(client) {
    if (state.client === client) {
        return;
    }
    const hadFocus = byId('chat-head').contains(document.activeElement);
    state.client = client;
    forGood.write('client', client);
    announce('client');
    if (hadFocus) {
        byId('chat-head').querySelector('[role=radio][aria-checked=true]').focus();
    }
}

function showWelcome(chat) {
    const welcome = byId('welcome');
    const isWanted = chat !== null && chat.entries.every(isEntering);
    if (welcome.hidden !== isWanted && welcome.dataset.chat === chat?.key) {
        return;
    }
    welcome.hidden = !isWanted;
    welcome.dataset.chat = isWanted ? chat.key : '';
    if (!isWanted) {
        welcome.replaceChildren();
        return;
    }
    const member = memberOf(chat.app, chat.user).name;
    welcome.replaceChildren(
        avatar(lookOf(chat.app), 'large'), el('h3', {}, t('welcome', { app: chat.app, member })),
        el('p', {}, t('welcomeText')),
        el('div', { class: 'examples' }, ['example1', 'example2', 'example3'].map((key) => el(
            'button',
            {
                type: 'button',
                data: { testid: 'example' },
                on: { click: () => announce('example', t(key)) },
            },
            t(key)))));
}

const lookedBack = 50;  // messages, for one that is not done

// How far the member's newest message is that something is still to come of.
function openMessage() {
    const entries = chosenChat()?.entries.slice(-lookedBack) ?? [];
    for (const entry of entries.reverse()) {
        const progress = progressOf(state.stepsOf.get(entry.number) ?? []);
        if (entry.from === 'member' && entry.state === 'acknowledged' && isOpen(progress)) {
            return progress;
        }
    }
    return null;
}

function showWaiting() {
    const progress = openMessage();
    byId('waiting').hidden = progress === null;
    clearTimeout(waitingTimer);
    if (progress === null) {
        return;
    }
    const [text, isOver] = progressText(progress);
    byId('waiting').dataset.phase = progress.phase;
    byId('waiting').classList.toggle('is-over', isOver);
    setText(byId('waiting-text'), text);
    byId('waiting-retry').hidden = progress.phase !== 'set_aside';
    if (!isOver) {
        waitingTimer = setTimeout(showWaiting, 1000 - (Date.now() - progress.since) % 1000);
    }
}

function showSelected() {
    byId('log').querySelector('[aria-current]')?.removeAttribute('aria-current');
    nodes.get(state.selected)?.setAttribute('aria-current', 'true');
}

function selectAt(target) {
    const article = target.closest('.entry');
    // Marking a piece of text to copy it, or following a link, is not a wish to see the wire.
    if (!article || target.closest('a, .again, .card-actions, .card-option') ||
        !getSelection().isCollapsed) {
        return;
    }
    select(Number(article.dataset.number));
    if (target.closest('.meta')) {
        announce('wireWanted');
    }
}

export function startChat() {
    const log = byId('log');
    end = stickToEnd(byId('log-scroller'), byId('log'), (isAtEnd) => {
        unseen = isAtEnd ? 0 : unseen;
        showUnseen();
    });
    byId('new-messages').addEventListener('click', () => {
        end.toEnd();
        byId('composer-text').focus();
    });
    log.addEventListener('click', (event) => selectAt(event.target));
    log.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && event.target.matches('.entry')) {
            selectAt(event.target);
        }
    });
    rove(log, '.entry');
    rove(byId('chat-head'), '[role=radio]', { horizontal: true, onMove: (item) => item.click() });
    byId('waiting-retry').addEventListener('click', () => announce('letters'));
    on('snapshot chosen client language', draw);
    on('entries', takeEntries);
    on('selected', showSelected);
    on('wrote', () => end.toEnd());
    on('agent steps gateway', showWaiting);
}
