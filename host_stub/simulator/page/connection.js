// The simulator: what changes there, as long as the page is open, and what is asked of it.
import { keyHeader } from './key.js';
import { said } from './said.js';

const pauses = [250, 500, 1000, 2000, 5000];  // ms
const patience = 40_000;  // ms; the simulator holds a request for 25 s

// A browser opens six connections to the simulator, for all its tabs together. So only one tab, the
// holder, has a request held there; the others ask after it was answered.
const turns = new BroadcastChannel('changes');
let isHolder = false;
let heard = 0;  // the newest change that the holder told of; Infinity: it has lost the simulator
let wake = () => {};

// These are answered once they are done, the others at once.
const slow = new Set(['outage', 'up', 'verify', 'kill', 'restart', 'agent', 'state', 'retry',
                      'retry_all', 'doctor', 'test_agent', 'run_again']);
let written = Promise.resolve();

export class Problem extends Error {}

// `onMessage` gets every change, first of all a snapshot; `onState` gets true and false.
export async function connect(onMessage, onState) {
    let newest = 0;
    let failures = 0;
    waitForTurns();
    for (;;) {
        heard = 0;
        const answer = await changesAfter(newest);
        if (isHolder) {
            turns.postMessage(answer?.newest ?? Infinity);
        }
        if (answer === null) {
            onState(false);
            newest = 0;
            const pause = pauses[Math.min(failures, pauses.length - 1)];
            failures += 1;
            await new Promise((resolve) => { setTimeout(resolve, pause); });
            continue;
        }
        if (newest === 0) {
            failures = 0;
            onState(true);
        }
        newest = answer.newest;
        // A view that fails on one does not end the loop.
        answer.changes.forEach((change) => queueMicrotask(() => onMessage(change)));
        while (!isHolder && heard <= newest) {
            await new Promise((resolve) => { wake = resolve; });
        }
    }
}

function waitForTurns() {
    turns.addEventListener('message', ({ data }) => {
        heard = data;
        wake();
    });
    navigator.locks.request('changes', () => {
        isHolder = true;
        wake();
        return new Promise(() => {});  // until the tab is gone
    });
}

// Nothing if the simulator is not there.
async function changesAfter(number) {
    try {
        // The cache would let tabs that ask for the same wait for each other.
        const answer = await fetch(`changes?after=${number}`,
                                   { cache: 'no-store', signal: AbortSignal.timeout(patience) });
        return answer.ok ? await answer.json() : null;
    } catch {
        return null;
    }
}

// Resolves with the `done` message, rejects with a Problem: its message is the simulator's
// sentence, or empty if the connection was lost before an answer.
export function request(what, parameters = {}) {
    // One after the other: requests that are under way together may overtake each other.
    const answer = written.then(() => post({ do: what, ...parameters }));
    if (!slow.has(what)) {
        written = answer.catch(() => {});
    }
    return answer;
}

async function post(command) {
    let message = null;
    try {
        const answer = await fetch('commands', { method: 'POST', headers: keyHeader(),
                                                 body: JSON.stringify(command) });
        message = answer.ok ? await answer.json() : { text: (await answer.text()).trim() };
    } catch {
        // Lost.
    }
    if (message?.type !== 'done') {
        throw new Problem(said(message?.text ?? ''));
    }
    return message;
}
