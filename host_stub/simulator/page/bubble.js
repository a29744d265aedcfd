// One message of a chat as a member's phone shows it, and what became of it.
import { againButtons } from './again.js';
import { cardTitle, linkCard, templateCard } from './card.js';
import { events } from './dialogs.js';
import { avatar, el, icon } from './dom.js';
import { clock, duration, lookOf } from './format.js';
import { markdownNodes, textNodes } from './markdown.js';
import { memberOf, questionOf, state } from './state.js';
import { hasText, t } from './texts.js';

const ghostStates = ['dropped', 'suppressed', 'recalled'];

const cardIcons = {
    image: 'image', voice: 'voice', video: 'video', file: 'file', location: 'location',
    link: 'link', event: 'event', news: 'link', textcard: 'file',
};

function typeName(type) {
    const key = `type${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    return hasText(key) ? t(key) : type;
}

// WeChat shows members neither Markdown nor cards.
function isUnsupported(entry) {
    return state.client === 'wechat' && entry.from === 'app' &&
           (entry.type.startsWith('markdown') || entry.type === 'template_card');
}

// What stands in the simulator's "[location: Canton Tower]".
function description(entry) {
    const found = /^\[[\w ]+?(?::\s*(.*))?\]$/su.exec(entry.content);
    return found ? found[1] ?? '' : entry.content;
}

// What a member writes has none, and a text of the app only links.
function withoutMarks({ from, type, content }) {
    const text = content.slice(0, 200);
    if (type !== 'text') {
        return text.replace(/<[^>]*>|[*`#>]+/gu, '');
    }
    return from === 'app' ? text.replace(/<\/?a\b[^>]*>/gu, '') : text;
}

export function messagePreview(entry) {
    if (isUnsupported(entry)) {
        return t('wechatUnsupported');
    }
    if (entry.type === 'text' || entry.type.startsWith('markdown')) {
        return withoutMarks(entry).replace(/\s+/gu, ' ').trim();
    }
    const detail = entry.type.endsWith('card') ? cardTitle(entry) : description(entry);
    return `[${nameOf(entry)}]${detail ? ` ${detail}` : ''}`;
}

function nameOf(entry) {
    if (entry.type !== 'event') {
        return typeName(entry.type);
    }
    // WeCom's word for it: of "[click: approve]" the first.
    const word = /^\[(\w+)/u.exec(entry.content)?.[1] ?? '';
    const [, text] = events.find(([event]) => event === word) ?? [];
    return word === 'card' ? t('pressed') : text ? t(text) : `${typeName('event')} ${word}`;
}

function card(entry) {
    const detail = description(entry);
    return el('div', { class: 'card' },
              el('span', { class: 'card-icon' }, icon(cardIcons[entry.type] ?? 'unknown')),
              el('span', { class: 'card-text' }, el('strong', {}, nameOf(entry)),
                 detail ? el('span', {}, ...textNodes(detail, { anchors: false })) : null));
}

function picture(entry) {
    const image = el('img', {
        class: 'picture',
        src: `media/${encodeURIComponent(entry.media_id)}`,
        alt: typeName('image'),
        loading: 'lazy',
        decoding: 'async',
    });
    image.addEventListener('error', () => {
        image.replaceWith(el('span', { class: 'quiet' }, t('imageGone')));
    });
    return image;
}

function player(entry) {
    const made = el(entry.type === 'voice' ? 'audio' : 'video', {
        class: 'player',
        src: `media/${encodeURIComponent(entry.media_id)}`,
        'aria-label': typeName(entry.type),
        controls: true,
        preload: 'metadata',
    });
    // AMR, which WeCom sends, is known to no browser.
    made.addEventListener('error', () => made.replaceWith(download(entry)));
    return made;
}

function download(entry) {
    return el('a', { class: 'download', href: `media/${encodeURIComponent(entry.media_id)}`,
                     download: description(entry) }, card(entry));
}

function media(entry) {
    switch (entry.type) {
        case 'image':
            return picture(entry);
        case 'voice':
        case 'video':
            return player(entry);
        default:
            return download(entry);
    }
}

function content(entry) {
    if (isUnsupported(entry)) {
        return [el('span', { class: 'quiet' }, t('wechatUnsupported'))];
    }
    if (entry.type === 'text') {
        return textNodes(entry.content, { anchors: entry.from === 'app' });
    }
    if (entry.type === 'markdown') {
        return markdownNodes(entry.content);
    }
    if (entry.type === 'template_card') {
        return [templateCard(entry)];
    }
    if (entry.type === 'textcard') {
        return [linkCard(entry)];
    }
    return [entry.media_id ? media(entry) : card(entry)];
}

// [icon, text] of what became of a member's message.
function memberState(entry) {
    const { state: name, attempts, acknowledged_ms: ms } = entry;
    switch (name) {
        case 'sending':
            return ['clock', attempts > 1 ? t('stateSendingAgain', { n: attempts })
                                          : t('stateSending')];
        case 'acknowledged':
            return ['check', t(attempts > 1 ? 'stateAcknowledgedTries' : 'stateAcknowledged',
                               { time: duration(ms ?? 0), n: attempts })];
        case 'failed':
            return ['bad', t('stateFailed', { n: attempts })];
        default:
            return ['unknown', name];
    }
}

function appState(entry) {
    switch (entry.state) {
        case 'dropped':
            return ['ghost', t('ghostDropped')];
        case 'suppressed':
            return ['ghost', t('ghostSuppressed')];
        case 'recalled':
            return ['ghost', t('ghostRecalled')];
        case 'delivered': {
            const question = questionOf(entry);
            return [null, question === null
                ? t('unprompted')
                : t('answeredAfter', { time: duration(entry.at_ms - question.at_ms) })];
        }
        default:
            return ['unknown', entry.state];
    }
}

function meta(entry) {
    const [symbol, text] = entry.from === 'member' ? memberState(entry) : appState(entry);
    return el('button', { type: 'button', class: 'meta', tabindex: '-1', title: t('showOnWire') },
              symbol === null ? null : icon(symbol),
              el('span', { class: 'meta-text' },
                 el('span', { class: 'meta-time' }, clock(entry.at_ms)), text ? ` · ${text}` : ''));
}

// A line for what a member did that is no message.
export function entering(entry, isSelected) {
    const { name } = memberOf(entry.app, entry.user);
    return el(
        'article',
        {
            class: 'entry is-entering',
            tabindex: '-1',
            'aria-current': isSelected ? 'true' : null,
            data: { testid: 'entering', number: entry.number, state: entry.state },
        },
        el('button', { type: 'button', class: 'meta', tabindex: '-1', title: t('showOnWire') },
           `${t('entered', { member: name })} · ${clock(entry.at_ms)}`));
}

export function bubble(entry, isSelected) {
    const isMember = entry.from === 'member';
    const member = memberOf(entry.app, entry.user);
    const look = isMember ? lookOf(member.name, member.user) : lookOf(entry.app);
    const isGhost = ghostStates.includes(entry.state);
    const isBare = entry.type === 'image' && entry.media_id;
    return el(
        'article',
        {
            class: `entry from-${entry.from}${isGhost ? ' is-ghost' : ''}`,
            tabindex: '-1',
            'aria-label': isMember ? t('fromYou') : entry.app,
            'aria-current': isSelected ? 'true' : null,
            data: {
                testid: 'bubble', number: entry.number, from: entry.from, state: entry.state,
                type: entry.type, answers: entry.answers,
            },
        },
        avatar(look),
        el('div', { class: 'entry-body' },
           el('div', { class: `bubble type-${entry.type}${isBare ? ' is-bare' : ''}`,
                       data: { testid: 'content' } },
              ...content(entry)),
           entry.cut ? el('p', { class: 'cut', data: { testid: 'cut' } }, t('cut')) : null,
           el('div', { class: 'entry-end' }, meta(entry), ...againButtons(entry))));
}
