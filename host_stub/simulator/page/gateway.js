// The state of the gateway, or of each of several: its end by kill -9, and its new start.
import { byId, el, icon } from './dom.js';
import { on } from './changes.js';
import { openDoctor } from './doctor.js';
import { state } from './state.js';
import { t } from './texts.js';
import { ask } from './toasts.js';

const words = { ready: 'gatewayReady', starting: 'gatewayStarting', ended: 'gatewayEnded',
                unknown: 'gatewayUnknown' };

// `number`: of several; 0: the only one.
function action(name, symbol, className, isPossible, number) {
    return el('button',
              {
                  type: 'button',
                  class: `small ${className}`,
                  title: t(`${name}Hint`),
                  'aria-label': number ? `${t(name)} · ${t('gatewayNumber', { n: number })}` : null,
                  disabled: !isPossible || !state.isConnected,
                  data: { testid: number ? `${name}-${number}` : name },
                  on: { click: () => ask(name, number ? { gateway: number } : {}) },
              },
              icon(symbol), t(name));
}

const light = () => el('span', { class: 'light', 'aria-hidden': 'true' });

function pidOf({ state: known, pid }) {
    const isThere = pid && state.isConnected && ['ready', 'starting'].includes(known);
    return isThere ? el('span', { class: 'pid' }, t('gatewayPid', { pid })) : null;
}

function doctorButton() {
    return el('button', { type: 'button', class: 'small', title: t('doctorHint'),
                          disabled: !state.isConnected, data: { testid: 'doctor' },
                          on: { click: openDoctor } }, icon('doctor'), t('doctor'));
}

function actions(name, number) {
    return [action('kill', 'bad', 'danger', name !== 'ended', number),
            action('restart', 'restart', '', name !== 'starting', number)];
}

const stateOf = (gateway) => (state.isConnected ? gateway.state : 'unknown');
const wordOf = (name) => (words[name] ? t(words[name]) : name);

function turnsText(number) {
    const turns = [...state.turns.values()].filter((gateway) => gateway === number).length;
    return turns === 0 ? null
        : el('span', { class: 'turns', data: { testid: `turns-${number}` } },
             t('gatewayTurns', { n: turns }));
}

function rowOf(gateway, index) {
    const number = index + 1;
    const name = stateOf(gateway);
    return el('li', { class: 'gateway-row', data: { testid: `gateway-${number}`, state: name } },
              light(),
              el('p', { class: 'gateway-text' },
                 el('strong', {}, t('gatewayNumber', { n: number })), ' ', wordOf(name),
                 pidOf(gateway), turnsText(number)),
              ...actions(name, number));
}

function drawOne(name) {
    return [light(),
            el('p', { class: 'gateway-text', role: 'status' },
               el('strong', {}, t('gateway')), ' ',
               el('span', { data: { testid: 'gateway-state', state: name } }, wordOf(name)),
               pidOf(state.gateway)),
            doctorButton(), ...actions(name, 0)];
}

function drawSeveral(name) {
    const { each } = state.gateway;
    const ready = each.filter((gateway) => stateOf(gateway) === 'ready').length;
    return [el('p', { class: 'gateway-text', role: 'status' },
               el('strong', {}, t('gateways')), ' ',
               el('span', { data: { testid: 'gateway-state', state: name } },
                  t('gatewaysReady', { ready, all: each.length }))),
            doctorButton(),
            el('ul', { class: 'gateway-rows' }, ...each.map(rowOf))];
}

function draw() {
    const place = byId('gateway');
    const name = stateOf(state.gateway);
    const focused = place.contains(document.activeElement)
        ? document.activeElement.dataset.testid : null;
    place.dataset.state = name;
    place.replaceChildren(...(state.gateway.each.length > 1 ? drawSeveral(name) : drawOne(name)));
    if (focused !== null) {
        const buttons = [...place.querySelectorAll('button:not([disabled])')];
        (buttons.find((button) => button.dataset.testid === focused) ?? buttons[0])?.focus();
    }
}

// Only of several is shown who works.
let drawnTurns = '';
function drawTurns() {
    const turns = state.gateway.each.length > 1 ? [...state.turns].join() : '';
    if (turns !== drawnTurns) {
        drawnTurns = turns;
        draw();
    }
}

export function startGateway() {
    on('snapshot gateway connection language', draw);
    on('steps', drawTurns);
}
