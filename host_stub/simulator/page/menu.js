// The menu that an app has at the foot of its chat, and what choosing from it does.
import { byId, el, icon } from './dom.js';
import { announce, on } from './changes.js';
import { openPlace, openScan, toChosen } from './dialogs.js';
import { chosenChat, state } from './state.js';
import { t } from './texts.js';

const sections = () => byId('menu').querySelectorAll('details');

function closeAll() {
    sections().forEach((section) => { section.open = false; });
}

const tell = (event, key) => toChosen('event', { event, key });

// What WeCom's client does for a button of each type, beside telling the gateway.
const choices = {
    click: ({ key }) => tell('click', key),
    view: ({ url }) => {
        tell('view', url);
        window.open(url, '_blank', 'noopener,noreferrer');
    },
    view_miniprogram: ({ pagepath }) => tell('view_miniprogram', pagepath),
    scancode_push: ({ type, key }) => openScan(type, key),
    scancode_waitmsg: ({ type, key }) => openScan(type, key),
    location_select: ({ key }) => openPlace(key),
};

// The picture itself comes as a message of its own.
function choosePicture({ type, key }) {
    tell(type, key);
    byId('attach').click();
}

function choose(button) {
    closeAll();
    announce('wrote');
    (choices[button.type] ?? choosePicture)(button);
}

function leaf(button) {
    return el('button', {
        type: 'button',
        title: button.key ?? button.url ?? button.pagepath ?? '',
        data: { testid: 'menu-item', type: button.type },
        on: { click: () => choose(button) },
    }, button.name);
}

function section(button) {
    const details = el('details', {},
                       el('summary', { data: { testid: 'menu-section' } }, button.name,
                          icon('chevron')),
                       el('div', { class: 'menu-list' }, button.sub_button.map(leaf)));
    details.addEventListener('toggle', () => {
        if (details.open) {
            sections().forEach((other) => { other.open = other === details; });
        }
    });
    return details;
}

function draw() {
    const buttons = state.menus[chosenChat()?.app]?.button ?? [];
    const menu = byId('menu');
    menu.hidden = buttons.length === 0;
    menu.setAttribute('aria-label', t('menu'));
    menu.replaceChildren(...buttons.map(
        (button) => (button.sub_button?.length > 0 ? section(button) : leaf(button))));
}

export function startMenu() {
    document.addEventListener('click', ({ target }) => {
        if (!byId('menu').contains(target)) {
            closeAll();
        }
    });
    byId('menu').addEventListener('keydown', (event) => {
        const opened = event.key === 'Escape' ? byId('menu').querySelector('details[open]') : null;
        if (opened) {
            event.stopPropagation();
            opened.open = false;
            opened.querySelector('summary').focus();
        }
    });
    on('snapshot chosen menus language', draw);
}
