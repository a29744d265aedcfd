// A message or a callback once more: as it was, or changed before it goes.
import { announce } from './changes.js';
import { el, icon } from './dom.js';
import { t } from './texts.js';
import { ask } from './toasts.js';

function button(name, symbol, run) {
    return el('button', { type: 'button', class: 'again', title: t(name), 'aria-label': t(name),
                          data: { testid: name }, on: { click: run } }, icon(symbol));
}

function sendAgain(entry) {
    announce('wrote');
    ask('again', { entry: entry.number });
}

// Of a member's message. A card's button is pressed once.
export function againButtons(entry) {
    if (entry.from !== 'member' || entry.content.startsWith('[card: ')) {
        return [];
    }
    return [
        button('sendAgain', 'restart', () => sendAgain(entry)),
        entry.type === 'text'
            ? button('editAgain', 'edit', () => announce('edit', entry.content)) : null,
    ];
}

// Of a step of the wire that is a callback.
export function replayButton(step) {
    return el('button', { type: 'button', class: 'small', title: t('replayHint'),
                          data: { testid: 'replay' },
                          on: { click: () => ask('replay', { step: step.sequence }) } },
              icon('restart'), t('replay'));
}
