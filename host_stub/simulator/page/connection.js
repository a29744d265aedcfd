// The WebSocket to the simulator: requests with answers, and a new try after every loss.

const pauses = [250, 500, 1000, 2000, 5000];  // ms

let socket = null;
let failures = 0;
let nextId = 1;
const pending = new Map();

export class Problem extends Error {}

// `onMessage` gets every message but the answers; `onState` gets true and false.
export function connect(onMessage, onState) {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(`${scheme}//${location.host}/live`);
    socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'done' || message.type === 'problem') {
            settle(message);
        } else {
            if (message.type === 'snapshot') {
                failures = 0;
                onState(true);
            }
            onMessage(message);
        }
    });
    socket.addEventListener('close', () => {
        abandon();
        onState(false);
        const pause = pauses[Math.min(failures, pauses.length - 1)];
        failures += 1;
        setTimeout(() => connect(onMessage, onState), pause);
    });
}

// Resolves with the `done` message, rejects with a Problem: its message is the simulator's
// sentence, or empty if the connection was lost before an answer.
export function request(what, parameters = {}) {
    if (!socket || socket.readyState !== WebSocket.OPEN) {
        return Promise.reject(new Problem(''));
    }
    const id = nextId++;
    socket.send(JSON.stringify({ id, do: what, ...parameters }));
    return new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
}

function settle(message) {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.type === 'done') {
        waiting?.resolve(message);
    } else {
        waiting?.reject(new Problem(message.text));
    }
}

function abandon() {
    pending.forEach(({ reject }) => reject(new Problem('')));
    pending.clear();
}
