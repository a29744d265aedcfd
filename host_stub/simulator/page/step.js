// One step on the wire: its row, and the bytes behind it.
import { el, icon } from './dom.js';
import { bytesPanel } from './bytes.js';
import { duration, exactClock } from './format.js';
import { said } from './said.js';
import { hasText, t } from './texts.js';

const icons = {
    callback_sent: 'sent', callback_replayed: 'restart', callback_answered: 'answered', callback_failed: 'bad',
    url_verified: 'shield', committed: 'inbox', known_already: 'ghost',
    handed_over: 'agent', reply_stored: 'outbox',
    agent_begun: 'agent', agent_answered: 'agent', agent_silent: 'agent', agent_failed: 'bad',
    agent_stopped: 'agent', agent_interrupted: 'agent', attempted: 'outbox',
    accepted: 'check', put_off: 'clock', set_aside: 'bad',
    gateway_log: 'log', token_issued: 'token', message_sent: 'answered', delivered: 'phone',
    dropped: 'ghost', suppressed: 'ghost', api_called: 'api', fault_met: 'fault',
    outage_began: 'down', outage_ended: 'check', gateway_started: 'power', gateway_ended: 'bad',
};
const badKinds = ['callback_failed', 'outage_began', 'gateway_ended', 'dropped', 'agent_failed',
                  'put_off', 'set_aside'];
const goodKinds = ['delivered', 'accepted', 'committed', 'reply_stored', 'outage_ended',
                   'gateway_started', 'agent_answered'];

function toneOf(step) {
    if (step.kind === 'fault_met') {
        return 'fault';
    }
    const isRefused = step.errcode !== 0 || (step.status !== 0 && step.status !== 200);
    if (isRefused || badKinds.includes(step.kind)) {
        return 'bad';
    }
    if (goodKinds.includes(step.kind) || (step.kind === 'callback_answered')) {
        return 'good';
    }
    return step.kind === 'suppressed' ? 'fault' : 'plain';
}

// Sentences that say no more than the title and the codes beside it.
const saidByTitle = ['answered 200', 'the member sees it', 'the API is down', 'the API is up again',
                     'URL verified'];

const detailOf = ({ summary }) => (saidByTitle.includes(summary) ? '' : said(summary));

function titleOf(step) {
    const key = `step.${step.kind}`;
    return hasText(key) ? t(key) : step.kind;
}

// The codes that say how it ended: also for those who do not see the colour.
function tags(step) {
    return [
        step.gateway ? t('gatewayNumber', { n: step.gateway }) : null,
        step.attempt > 1 ? t('tryNumber', { n: step.attempt }) : null,
        step.status !== 0 && (step.status !== 200 || step.kind === 'callback_answered')
            ? String(step.status) : null,
        step.errcode !== 0 ? `errcode ${step.errcode}` : null,
        step.elapsed_ms > 0 ? duration(step.elapsed_ms) : null,
    ].filter((tag) => tag !== null).map((tag) => el('span', { class: 'tag' }, tag));
}

// For the filter of "Everything"; `text`: what was written or said.
export function searchText(step, text) {
    return [step.kind, titleOf(step), step.app, step.user, step.summary, said(step.summary),
            step.errcode || '',
            step.status || '', text].join(' ').toLowerCase();
}

export const isTrouble = (step) => ['bad', 'fault'].includes(toneOf(step));

function toggle(row, button, step) {
    const isOpen = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) {
        row.querySelector('.bytes')?.remove();
    } else {
        row.append(bytesPanel(step));
    }
}

// `since`: ms after the first step of its message, or null; `where`: also the app and the member.
export function stepRow(step, since, { where }) {
    const tone = toneOf(step);
    const origin = [step.app, step.user].filter(Boolean).join(' · ');
    const button = el(
        'button', { type: 'button', class: 'step-line', 'aria-expanded': 'false', tabindex: '-1' },
        el('span', { class: 'step-icon' }, icon(icons[step.kind] ?? 'unknown')),
        el('span', { class: 'step-text' },
           el('span', { class: 'step-title' }, titleOf(step), ...tags(step)),
           detailOf(step) ? el('span', { class: 'step-summary' }, detailOf(step)) : null,
           where && origin ? el('span', { class: 'step-origin' }, origin) : null),
        el('span', { class: 'step-when' }, el('time', {}, exactClock(step.at_ms)),
           since === null ? null : el('span', {}, `+${duration(since)}`)));
    const row = el('li', {
        class: `step tone-${tone}`,
        data: { testid: 'wire-step', kind: step.kind, sequence: step.sequence, tone },
    }, button);
    button.addEventListener('click', () => toggle(row, button, step));
    return row;
}
