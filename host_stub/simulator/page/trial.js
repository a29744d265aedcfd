// An agent that is asked without a member: the one in the form before it is put to work, or the one
// that works, once more with what it was given. Nothing of it is stored or sent.
import { request } from './connection.js';
import { el, icon } from './dom.js';
import { duration, stopwatch } from './format.js';
import { said } from './said.js';
import { state } from './state.js';
import { t } from './texts.js';

const tick = 500;  // ms

function part(title, text) {
    return text ? [el('p', { class: 'trial-title' }, title), el('pre', { tabindex: '0', 'aria-label': title }, text)] : [];
}

const verdicts = { answered: ['trialAnswered', 'good', 'check'],
                   cancelled: ['trialStopped', 'fault', 'stop'] };

// Advice says what to do where the problem says what happened.
function verdict({ outcome, problem, advice, answer, took_ms: ms }) {
    const [key, tone, symbol] = verdicts[outcome] ?? ['trialFailed', 'bad', 'bad'];
    const isSilent = outcome === 'answered' && !answer;
    return [
        el('p', { class: `trial-verdict tone-${tone}`, data: { testid: 'trial-verdict', outcome } },
           icon(symbol), t(isSilent ? 'trialSilent' : key, { time: duration(ms) })),
        ...[problem, advice].filter(Boolean).map((text) => el('p', { class: 'complaint' }, said(text))),
    ];
}

function shown(trial) {
    const words = [...trial.said_before, trial.answer].filter(Boolean).join('\n\n');
    const isMore = trial.output.trim() !== words.trim();
    const soFar = trial.outcome === 'cancelled' ? 'trialSoFar' : 'bytesOutput';
    return [
        ...verdict(trial), ...part(t('trialSaid'), words),
        ...part(t(soFar), isMore ? trial.output : ''),
        ...part(t('bytesErrors'), [trial.errors.trimEnd(), said(trial.ending)].filter(Boolean).join('\n')),
    ];
}

const nameOfRun = () => crypto.randomUUID();

// What is shown while it works, and the way to end it. Its time is no news for who listens.
function progress(name) {
    const since = Date.now();
    const time = el('span', { 'aria-hidden': 'true' }, stopwatch(0));
    const stop = el('button', { type: 'button', class: 'small', data: { testid: 'trial-stop' } },
                    icon('stop'), t('trialStop'));
    stop.addEventListener('click', () => {
        stop.disabled = true;
        request('stop_trial', { name }).catch(() => { stop.disabled = false; });
    });
    const line = el('div', { class: 'trial-runs' }, el('p', { class: 'quiet' }, t('trialRuns'), ' ', time),
                    stop);
    // Nobody can see any more what comes of it, or end it.
    const timer = setInterval(() => {
        time.textContent = stopwatch(Date.now() - since);
        if (!line.isConnected) {
            clearInterval(timer);
            request('stop_trial', { name }).catch(() => {});
        }
    }, tick);
    return { line, stop, end: () => clearInterval(timer) };
}

// Asks, and shows in `place` what comes of it. Who began it with the keyboard ends it with the same.
async function run(place, button, what, parameters) {
    const name = nameOfRun();
    const { line, stop, end } = progress(name);
    const hasFocus = document.activeElement === button;
    place.hidden = false;
    place.replaceChildren(line);
    button.disabled = true;
    if (hasFocus) {
        stop.focus();
    }
    let result;
    try {
        result = shown(await request(what, { ...parameters, name }));
    } catch (problem) {
        result = [el('p', { class: 'complaint', data: { testid: 'trial-problem' } },
                     problem.message || t('failedToDo'))];
    }
    end();
    button.disabled = false;
    if (stop === document.activeElement || (hasFocus && document.activeElement === document.body)) {
        button.focus();
    }
    place.replaceChildren(...result);
}

const trialPlace = () => el('div', { class: 'trial', role: 'status', hidden: true,
                                     data: { testid: 'trial' } });

function runButton(testid, label) {
    return el('button', { type: 'button', class: 'small', disabled: !state.isConnected,
                          data: { testid } }, icon('restart'), el('span', { class: 'label' }, label));
}

// [button, place] of "Test": `ready()` is the draft, or null if the form does not let it.
export function testOf(ready) {
    const place = trialPlace();
    const button = runButton('agent-test', t('agentTest'));
    button.title = t('agentTestHint');
    button.addEventListener('click', () => {
        const draft = ready();
        if (draft !== null) {
            run(place, button, 'test_agent', { ...draft, text: t('trialText') });
        }
    });
    return [button, place];
}

// What the agent was given, to be changed and given again.
export function runAgain(step, given) {
    const place = trialPlace();
    const input = el('textarea', { rows: '6', spellcheck: 'false', 'aria-label': t('trialInput'),
                                   data: { testid: 'trial-input' } });
    input.value = given;
    const button = runButton('run-again', t('run'));
    button.addEventListener('click', () => run(place, button, 'run_again',
                                               { app: step.app, input: input.value }));
    return el('details', { class: 'run-again' },
              el('summary', { data: { testid: 'open-run-again' } }, icon('chevron'), t('runAgain')),
              input,
              el('div', { class: 'run-again-end' }, el('p', { class: 'quiet' }, t('runAgainHint')),
                 button),
              place);
}
