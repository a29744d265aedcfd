// A template card as a member has it: title, text, and buttons, or a list to choose from.
import { el } from './dom.js';
import { request } from './connection.js';
import { t } from './texts.js';

// Of anything that is no card: an empty one.
function parsed(entry) {
    try {
        const card = JSON.parse(entry.content);
        return typeof card === 'object' && card !== null ? card : {};
    } catch {
        return {};
    }
}

export function cardTitle(entry) {
    const { main_title: main, sub_title_text: detail, title } = parsed(entry);
    return main?.title || detail || title || '';
}

// A link as a member has it: all of it leads there.
export function linkCard(entry) {
    const { title = '', description = '', url = '' } = parsed(entry);
    const isAddress = /^https?:\/\//u.test(url);
    return el(isAddress ? 'a' : 'div',
              { class: 'template-card link-card', data: { testid: 'link-card' },
                ...(isAddress && { href: url, target: '_blank', rel: 'noopener noreferrer' }) },
              el('strong', {}, title),
              el('span', { class: 'card-detail' }, description),
              el('span', { class: 'link-card-more' }, t('linkCardMore')));
}

// What is chosen is told by its label, once: until the simulator has taken it nothing else is.
async function press(entry, label, form) {
    form.inert = true;
    try {
        await request('press', { app: entry.app, user: entry.user, msgid: entry.msgid, label });
    } catch (problem) {
        form.querySelector('.card-problem').textContent = problem.message || t('failedToDo');
    } finally {
        form.inert = false;
    }
}

function action(label, attributes) {
    return el('button', { class: 'card-action', data: { testid: 'card-action' }, ...attributes },
              label);
}

function buttons(entry, card) {
    const list = card.button_list.map(({ text, style }) => action(text, {
        type: 'button',
        class: `card-action style-${style ?? 1}`,
        on: { click: ({ target }) => press(entry, text, target.closest('form')) },
    }));
    return [el('div', { class: 'card-actions' }, list)];
}

function list(entry, card) {
    const options = card.checkbox.option_list.map(({ id, text }) => el(
        'label', { class: 'card-option', data: { testid: 'card-option' } },
        el('input', { type: 'radio', name: `card-${entry.number}`, value: text,
                      'data-id': id, required: true }),
        text));
    return [el('fieldset', {}, el('legend', { class: 'visually-hidden' }, cardTitle(entry)), options),
            el('div', { class: 'card-actions' },
               action(card.submit_button?.text ?? t('send'), { type: 'submit' }))];
}

function choices(entry, card) {
    if (entry.card_label) {
        return [el('div', { class: 'card-actions' },
                   action(entry.card_label, { type: 'button', disabled: true }))];
    }
    if (entry.state === 'recalled') {
        return [];
    }
    return Array.isArray(card.button_list) ? buttons(entry, card)
        : Array.isArray(card.checkbox?.option_list) ? list(entry, card) : [];
}

export function templateCard(entry) {
    const card = parsed(entry);
    const detail = card.main_title?.desc || '';
    const form = el('form', { class: 'template-card', 'aria-label': cardTitle(entry) },
                    el('strong', {}, card.main_title?.title ?? ''),
                    detail ? el('span', { class: 'card-detail' }, detail) : null,
                    card.sub_title_text
                        ? el('span', { class: 'card-detail' }, card.sub_title_text) : null,
                    ...choices(entry, card),
                    el('span', { class: 'card-problem', role: 'alert' }));
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        press(entry, new FormData(form).get(`card-${entry.number}`), form);
    });
    return form;
}
