// The page's dialogs: opening them, and the small ones (location, event, shortcuts).
import { byId, el, icon } from './dom.js';
import { chosenChat } from './state.js';
import { t } from './texts.js';
import { ask } from './toasts.js';

let fields = 0;

// `fill(close)` gives the content. The dialog is made anew each time, in the current language.
export function openDialog(name, title, fill) {
    const heading = `dialog-${name}`;
    const dialog = el('dialog', { 'aria-labelledby': heading, data: { testid: `dialog-${name}` } });
    const close = () => dialog.close();
    dialog.append(
        el('header', {}, el('h2', { id: heading }, title),
           el('button', { type: 'button', class: 'tool', 'aria-label': t('close'),
                          data: { testid: 'close' }, on: { click: close } }, icon('close'))),
        ...[fill(close)].flat());
    dialog.addEventListener('close', () => dialog.remove());
    dialog.addEventListener('click', (event) => {
        if (event.target === dialog) {  // its backdrop
            close();
        }
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('form :is(input, select, textarea)')?.focus();  // and not "Close"
    return dialog;
}

export function labelled(label, control, hint = null) {
    fields += 1;
    control.id = `field-${fields}`;
    const hintId = `hint-${fields}`;
    if (hint !== null) {
        control.setAttribute('aria-describedby', hintId);
    }
    return el('div', { class: 'field' }, el('label', { for: control.id }, label), control,
              hint === null ? null : el('p', { class: 'quiet', id: hintId }, hint));
}

// A box to tick, and what it means.
export function ticked(label, control, hint = null) {
    const field = labelled(label, control, hint);
    field.classList.add('field-tick');
    return field;
}

// A form whose `run` is called with its values; closes itself.
function form(close, run, ...content) {
    return el('form', {
        on: {
            submit: (event) => {
                event.preventDefault();
                run(Object.fromEntries(new FormData(event.target)));
                close();
                byId('composer-text').focus();
            },
        },
    }, ...content,
    el('footer', {},
       el('button', { type: 'button', on: { click: close } }, t('cancel')),
       el('button', { type: 'submit', class: 'primary', data: { testid: 'submit' } }, t('send'))));
}

function input(name, value, more = {}) {
    return el('input', { name, value, autocomplete: 'off', required: true, ...more });
}

export function toChosen(what, parameters) {
    const chat = chosenChat();
    if (chat) {
        ask(what, { app: chat.app, user: chat.user, ...parameters });
    }
}

const number = { inputmode: 'decimal', pattern: '-?[0-9]{1,3}([.][0-9]+)?' };

function openLocation() {
    openPlaceDialog(t('sendLocation'), (values) => toChosen('location', values));
}

// A place, or a code, that is chosen by way of a menu entry of that key.
export function openPlace(key) {
    openPlaceDialog(t('choosePlace'), (values) => toChosen('place', { key, ...values }));
}

export function openScan(event, key) {
    openDialog('scan', t('scan'), (close) => form(
        close, ({ scanned }) => toChosen('scan', { event, key, scanned }),
        labelled(t('scanned'), input('scanned', 'https://example.com/asset/4711'))));
}

function openPlaceDialog(title, run) {
    openDialog('location', title, (close) => form(
        close, run,
        labelled(t('locationLabel'), input('label', t('locationExample'))),
        el('div', { class: 'field-row' },
           labelled(t('latitude'), input('latitude', '23.10647', number)),
           labelled(t('longitude'), input('longitude', '113.32446', number)))));
}

function openLink() {
    openDialog('link', t('sendLink'), (close) => form(
        close, (values) => toChosen('link', values),
        labelled(t('linkTitle'), input('title', t('linkExample'))),
        labelled(t('linkUrl'), input('url', 'https://example.com/', { type: 'url' })),
        labelled(t('linkDescription'), input('description', '', { required: false }))));
}

export const events = [['click', 'eventClick'], ['enter_agent', 'eventEnter'],
                       ['view', 'eventView'], ['subscribe', 'eventSubscribe'],
                       ['unsubscribe', 'eventUnsubscribe']];
const eventsWithKey = ['click', 'view'];

function openEvent() {
    openDialog('event', t('sendEvent'), (close) => {
        const choice = el('select', { name: 'event' },
                          events.map(([name, key]) => el('option', { value: name }, t(key))));
        const keyField = labelled(t('eventKey'), input('key', 'approve'));
        choice.addEventListener('change', () => {
            keyField.hidden = !eventsWithKey.includes(choice.value);
            keyField.querySelector('input').required = !keyField.hidden;
        });
        return form(
            close,
            ({ event, key }) => toChosen('event', {
                event, key: eventsWithKey.includes(event) ? key : '',
            }),
            labelled(t('eventName'), choice), keyField,
            el('p', { class: 'quiet' }, t('eventHint')));
    });
}

const keys = [['/', 'keyFocus'], ['Enter', 'keySend'], ['Shift Enter', 'keyLine'],
              ['Alt ↑ ↓', 'keyChat'], ['↑ ↓', 'keyList'], ['Enter', 'keyOpen'],
              ['↑', 'keyRecall'], ['Esc', 'keyClose'], ['?', 'keyHelp']];

export function openShortcuts() {
    openDialog('shortcuts', t('shortcuts'), () => el('dl', { class: 'keys' }, keys.map(
        ([combination, meaning]) => [
            el('dt', {}, combination.split(' ').map((key) => el('kbd', {}, key))),
            el('dd', {}, t(meaning)),
        ]).flat()));
}

export function startDialogs() {
    byId('send-location').addEventListener('click', openLocation);
    byId('send-link').addEventListener('click', openLink);
    byId('send-event').addEventListener('click', openEvent);
    byId('shortcuts').addEventListener('click', openShortcuts);
}
