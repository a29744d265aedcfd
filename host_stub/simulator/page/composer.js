// Where the member writes: drafts, sending, and the gateway's commands behind a slash.
import {
    releaseAttachment, restoreAttachment, startAttachments, takeAttachment, upload,
} from './attachments.js';
import { byId, el, setText } from './dom.js';
import { announce, on } from './changes.js';
import { request } from './connection.js';
import { chosenChat, state } from './state.js';
import { forThisTab } from './storage.js';
import { t } from './texts.js';

const textBytesMax = 60_000;  // the simulator takes frames up to 64 KiB
const commands = [['/new', 'commandNew'], ['/stop', 'commandStop'], ['/status', 'commandStatus'],
                  ['/help', 'commandHelp']];

let drafts = forThisTab.read('drafts', {});
let highlighted = -1;

const field = () => byId('composer-text');

function keepDraft(key, text) {
    drafts = { ...drafts, [key]: text };
    forThisTab.write('drafts', drafts);
}

function complain(text) {
    byId('complaint').hidden = text === '';
    setText(byId('complaint'), text);
}

// Chinese keyboards type a full-width slash; the gateway takes both.
const asCommand = (text) => text.replace(/^／/u, '/').toLowerCase();
const isCommand = (text) => commands.some(([command]) => command === asCommand(text.trim()));
const isCommandBegun = () => asCommand(field().value).startsWith('/');

function matchingCommands() {
    const text = asCommand(field().value);
    return isCommandBegun() && !isCommand(text)
        ? commands.filter(([command]) => command.startsWith(text)) : [];
}

function showCommands(found = matchingCommands()) {
    const list = byId('commands');
    list.hidden = found.length === 0;
    highlighted = found.length > 0 ? 0 : -1;
    list.replaceChildren(...found.map(([command, key], index) => el(
        'div',
        {
            role: 'option',
            id: `command-${index}`,
            data: { testid: 'command', command },
            on: { click: () => send(command), mousedown: (event) => event.preventDefault() },
        },
        el('code', {}, command), el('span', {}, t(key)))));
    highlight(0);
}

function highlight(by) {
    const options = [...byId('commands').children];
    if (options.length === 0) {
        field().removeAttribute('aria-activedescendant');
        return;
    }
    highlighted = (highlighted + by + options.length) % options.length;
    options.forEach((option, index) => {
        option.setAttribute('aria-selected', String(index === highlighted));
    });
    field().setAttribute('aria-activedescendant', options[highlighted].id);
}

function hideCommands() {
    byId('commands').hidden = true;
    byId('commands').replaceChildren();
    highlight(0);
}

function fit() {
    field().style.height = 'auto';
    field().style.height = `${field().scrollHeight}px`;
}

function setField(text) {
    if (field().value !== text) {  // else the caret would jump
        field().value = text;
    }
    fit();
    hideCommands();
}

function drawForChat() {
    const chat = chosenChat();
    setField(chat ? drafts[chat.key] ?? '' : '');
    field().placeholder = chat ? t('placeholder', { app: chat.app }) : '';
    drawEnabled();
}

function drawEnabled() {
    byId('send').disabled = !state.isConnected || chosenChat() === null;
}

async function deliver(chat, text, attachment) {
    if (attachment) {
        const mediaId = await upload(attachment);
        await request(attachment.kind, { app: chat.app, user: chat.user, media_id: mediaId });
    }
    if (text) {
        await request('write', { app: chat.app, user: chat.user, text });
    }
}

// What could not be sent comes back, unless something else has been written meanwhile.
function giveBack(chat, text, attachment, problem) {
    if (!drafts[chat.key]) {
        keepDraft(chat.key, text);
        if (chat.key === state.chosen && field().value === '') {
            setField(text);
            hideCommands();
        }
    }
    restoreAttachment(attachment);
    complain(problem.message || t('sendUnconfirmed'));
}

async function send(text = field().value) {
    const chat = chosenChat();
    if (!chat || !state.isConnected) {
        return;
    }
    if (new TextEncoder().encode(text).length > textBytesMax) {
        complain(t('textTooLong'));
        return;
    }
    const written = text.trim() === '' ? '' : text;
    const isWritten = text === field().value;
    const attachment = isWritten && !isCommand(text) ? takeAttachment() : null;
    if (!written && !attachment) {
        return;
    }
    if (isWritten || isCommandBegun()) {  // what was chosen from a list goes beside a draft
        setField('');
        keepDraft(chat.key, '');
    }
    hideCommands();
    complain('');
    announce('wrote');
    try {
        await deliver(chat, written, attachment);
        releaseAttachment(attachment);
    } catch (problem) {
        giveBack(chat, written, attachment, problem);
    }
}

// Typed, so that the browser can undo it: a draft is not lost.
function type(text) {
    field().focus();
    field().select();
    document.execCommand('insertText', false, text);
    hideCommands();
}

function recall() {
    const written = chosenChat()?.entries.findLast(
        ({ from, type: kind }) => from === 'member' && kind === 'text');
    if (written) {
        type(written.content);
    }
}

function onKey(event) {
    if (event.isComposing || event.keyCode === 229) {  // 229: Safari ends a composition so
        return;
    }
    const isChoosing = !byId('commands').hidden;
    if (isChoosing && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        event.preventDefault();
        highlight(event.key === 'ArrowDown' ? 1 : -1);
    } else if (isChoosing && event.key === 'Escape') {
        event.stopPropagation();
        hideCommands();
    } else if (isChoosing && event.key === 'Tab' && !event.shiftKey && isCommandBegun()) {
        event.preventDefault();
        setField(byId('commands').children[highlighted].dataset.command);
    } else if (event.key === 'ArrowUp' && !event.altKey && field().value === '') {
        event.preventDefault();
        recall();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        send(isChoosing ? byId('commands').children[highlighted].dataset.command : undefined);
    }
}

function openCommands() {
    field().focus();
    showCommands(commands);
}

export function startComposer() {
    startAttachments(complain);
    field().addEventListener('keydown', onKey);
    field().addEventListener('input', () => {
        const chat = chosenChat();
        if (chat) {
            keepDraft(chat.key, field().value);
        }
        complain('');
        fit();
        showCommands();
    });
    field().addEventListener('blur', hideCommands);
    byId('composer').addEventListener('submit', (event) => {
        event.preventDefault();
        send();
        field().focus();
    });
    byId('open-commands').addEventListener('mousedown', (event) => event.preventDefault());
    byId('open-commands').addEventListener('click', openCommands);
    on('snapshot chosen language', drawForChat);
    on('chosen', () => complain(''));
    on('connection', drawEnabled);
    on('edit', type);
    on('example', (text) => {
        send(text);
        field().focus();
    });
}
