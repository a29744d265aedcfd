// The gateway's state, its end by kill -9, and its new start.
import { byId, el, icon } from './dom.js';
import { on } from './changes.js';
import { state } from './state.js';
import { t } from './texts.js';
import { ask } from './toasts.js';

const words = { ready: 'gatewayReady', starting: 'gatewayStarting', ended: 'gatewayEnded' };

function action(name, symbol, className, isPossible) {
    return el('button',
              {
                  type: 'button',
                  class: `small ${className}`,
                  title: t(`${name}Hint`),
                  disabled: !isPossible || !state.isConnected,
                  data: { testid: name },
                  on: { click: () => ask(name) },
              },
              icon(symbol), t(name));
}

function draw() {
    const place = byId('gateway');
    const { state: name, pid } = state.gateway;
    const focused = place.contains(document.activeElement)
        ? document.activeElement.dataset.testid : null;
    place.dataset.state = name;
    place.replaceChildren(
        el('span', { class: 'light', 'aria-hidden': 'true' }),
        el('p', { class: 'gateway-text', role: 'status' },
           el('strong', {}, t('gateway')), ' ',
           el('span', { data: { testid: 'gateway-state', state: name } },
              words[name] ? t(words[name]) : name),
           pid && name !== 'ended' ? el('span', { class: 'pid' }, t('gatewayPid', { pid })) : null),
        action('kill', 'bad', 'danger', name !== 'ended'),
        action('restart', 'restart', '', name !== 'starting'));
    if (focused !== null) {
        const buttons = [...place.querySelectorAll('button:not([disabled])')];
        (buttons.find((button) => button.dataset.testid === focused) ?? buttons[0])?.focus();
    }
}

export function startGateway() {
    on('snapshot gateway connection language', draw);
}
