// The left side: corps, the members one may write as, and their chats with the apps.
import { avatar, byId, el, markTabStop, rove, setText } from './dom.js';
import { lookOf, shortTime } from './format.js';
import { messagePreview } from './bubble.js';
import { announce, on } from './changes.js';
import {
    appOf, chatOf, choose, chosenChat, corpOf, isShown, membersOf, memberOf, state,
} from './state.js';
import { t } from './texts.js';

const rows = new Map();     // by app: the parts of its row that change
const members = new Map();  // by corp and user: the same of a member
const writerOf = new Map(); // by corp: who was chosen there last

const memberKey = (corp, user) => `${corp}\n${user.toLowerCase()}`;

function writer(corp) {
    return writerOf.get(corp) ?? membersOf(corp)[0]?.user ?? null;
}

function openChat(app, user) {
    choose(app, user);
    announce('opened');
}

function badge() {
    return el('span', { class: 'badge', data: { testid: 'unread' }, hidden: true });
}

function showUnread(element, unread) {
    element.hidden = unread === 0;
    setText(element, unread > 99 ? '99+' : String(unread));
    element.title = t('unread', { n: unread });
}

function whoIs({ user, parties, tags }) {
    return [user, ...parties.map((id) => t('party', { id })),
            ...tags.map((id) => t('tag', { id }))].join(' · ');
}

function memberButton(member) {
    const unread = badge();
    const button = el(
        'button',
        {
            type: 'button',
            class: 'member',
            role: 'radio',
            title: whoIs(member),
            tabindex: '-1',
            data: { testid: 'member-item', corp: member.corp, user: member.user },
            on: { click: () => become(member) },
        },
        avatar(lookOf(member.name, member.user), 'mini'),
        el('span', { class: 'name' }, member.name), unread);
    members.set(memberKey(member.corp, member.user), { button, unread, member });
    return button;
}

function chatRow(app) {
    const parts = {
        app,
        line: el('span', { class: 'line' }),
        time: el('time', { class: 'time' }),
        unread: badge(),
    };
    parts.button = el(
        'button',
        {
            type: 'button',
            class: 'chat-item',
            tabindex: '-1',
            data: { testid: 'chat-item', app: app.name },
            on: { click: () => openChat(app.name, parts.button.dataset.user) },
        },
        avatar(lookOf(app.name)),
        el('span', { class: 'chat-item-text' },
           el('span', { class: 'first' }, el('span', { class: 'name' }, app.name), parts.time),
           el('span', { class: 'second' }, parts.line, parts.unread)));
    rows.set(app.name, parts);
    return parts.button;
}

function corpSection(corp) {
    const apps = state.apps.filter((app) => app.corp === corp.id && writer(corp.id) !== null);
    const people = el('div', { class: 'members', role: 'radiogroup', 'aria-label': t('writeAs') },
                      membersOf(corp.id).map(memberButton));
    rove(people, '.member', { horizontal: true, onMove: (item) => item.click() });
    return el('section', { class: 'corp', 'aria-label': corp.name, data: { corp: corp.id } },
              el('h2', {}, avatar(lookOf(corp.name, corp.id), 'tiny'),
                 el('span', {}, corp.name)),
              el('p', { class: 'label' }, t('writeAs')), people,
              el('div', { class: 'chats' }, apps.map(chatRow)));
}

function become(member) {
    writerOf.set(member.corp, member.user);
    const chosenApp = appOf(chosenChat()?.app);
    const app = chosenApp?.corp === member.corp
        ? chosenApp : state.apps.find(({ corp }) => corp === member.corp);
    if (app) {
        choose(app.name, member.user);
    }
}

function build() {
    rows.clear();
    members.clear();
    byId('sidebar').replaceChildren(el('h1', { class: 'visually-hidden' }, t('chats')),
                                    ...state.corps.map(corpSection));
    refresh();
}

// The last thing that the member has seen.
function lastShown(chat) {
    return chat.entries.findLast(isShown) ?? null;
}

function refreshRow({ app, button, line, time, unread }) {
    const user = writer(app.corp);
    const chat = chatOf(app.name, user);
    const last = lastShown(chat);
    const preview = last === null ? t('noMessages') : messagePreview(last);
    button.dataset.user = chat.user;
    button.setAttribute('aria-current', String(chat.key === state.chosen));
    setText(line, last?.from === 'member' ? t('you', { text: preview }) : preview);
    line.classList.toggle('failed', last?.state === 'failed');
    setText(time, last === null ? '' : shortTime(last.at_ms));
    showUnread(unread, chat.unread);
}

function refresh() {
    const chosen = chosenChat();
    const corp = appOf(chosen?.app)?.corp ?? null;
    if (corp !== null) {
        writerOf.set(corp, chosen.user);
    }
    rows.forEach(refreshRow);
    members.forEach(({ button, member, unread }) => {
        const isWriter = writer(member.corp)?.toLowerCase() === member.user.toLowerCase();
        button.setAttribute('aria-checked', String(isWriter));
        button.tabIndex = isWriter ? 0 : -1;
        const others = state.apps.filter((app) => app.corp === member.corp)
            .map((app) => chatOf(app.name, member.user).unread);
        // The writer's own are shown at the chats.
        showUnread(unread, isWriter ? 0 : others.reduce((sum, each) => sum + each, 0));
    });
    byId('sidebar').querySelectorAll('.corp').forEach((section) => {
        section.classList.toggle('chosen', section.dataset.corp === corp);
    });
    markTabStop(byId('sidebar'), '.chat-item', rows.get(chosen?.app)?.button);
    showMe(chosen, corp);
    showUnreadSum();
}

function showMe(chosen, corp) {
    const me = chosen ? memberOf(chosen.app, chosen.user) : null;
    const label = me ? `${me.name} · ${corpOf(corp)?.name ?? ''}` : '';
    if (byId('me').title !== label) {
        byId('me').title = label;
        byId('me').replaceChildren(...(me ? [avatar(lookOf(me.name, me.user))] : []));
    }
}

function showUnreadSum() {
    const sum = [...state.chats.values()].reduce((total, chat) => total + chat.unread, 0);
    document.title = sum === 0 ? t('title') : t('unreadTitle', { n: sum });
    showUnread(byId('tab-unread'), sum);
}

export function stepChat(by) {
    const items = [...rows.values()].map(({ button }) => button);
    const at = items.findIndex((item) => item.getAttribute('aria-current') === 'true');
    const next = items[(at + by + items.length) % items.length];
    if (next) {
        choose(next.dataset.app, next.dataset.user);
        next.scrollIntoView({ block: 'nearest' });
    }
}

export function startSidebar() {
    rove(byId('sidebar'), '.chat-item');
    on('snapshot language', build);
    on('entries unread chosen client', refresh);
}
