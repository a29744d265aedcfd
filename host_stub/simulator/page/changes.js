// How views learn of changes: by topic, at most once a frame.

const hiddenPause = 1000;  // ms between changes while nobody looks: hidden pages get no frames

const listeners = new Map();
let waiting = new Map();  // by topic: what changed, by key
let isScheduled = false;

export function on(topics, listener) {
    topics.split(' ').forEach((topic) => {
        listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
    });
}

export function announce(topic, detail) {
    (listeners.get(topic) ?? []).forEach((listener) => listener(detail));
}

// The listeners get everything that was marked since the last frame, the newest of each key.
export function mark(topic, key = topic, item = null) {
    if (!waiting.has(topic)) {
        waiting.set(topic, new Map());
    }
    waiting.get(topic).set(key, item);
    if (isScheduled) {
        return;
    }
    isScheduled = true;
    if (document.hidden) {
        setTimeout(flush, hiddenPause);
    } else {
        requestAnimationFrame(flush);
    }
}

export function forgetMarked() {
    waiting = new Map();
}

function flush() {
    isScheduled = false;
    const changes = waiting;
    waiting = new Map();
    changes.forEach((items, topic) => announce(topic, [...items.values()]));
}
