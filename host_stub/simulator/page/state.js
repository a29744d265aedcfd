// What the page knows of the simulator, and what the reader has chosen. Topics of changes.js:
// snapshot, entries, steps, unread, menus, faults, gateway, agent, connection, chosen, selected, client.
import { announce, forgetMarked, mark } from './changes.js';
import { isOpen, progressOf, turnEnds } from './progress.js';
import { forGood, forThisTab } from './storage.js';

// What a page that is open for weeks may keep.
const entriesMax = 2000;  // in one chat
const stepsMax = 4000;

export const state = {
    isConnected: false,
    hasSnapshot: false,
    corps: [],
    apps: [],
    members: [],
    entries: new Map(),  // by number
    chats: new Map(),    // by key: {key, app, user, entries, unread, readUpTo}
    steps: [],
    stepsOf: new Map(),  // by the member's entry
    turns: new Map(),    // where the agent works: the gateway's number, by the member's entry
    apiIsUp: true,
    menus: {},       // by app
    faults: [],
    activeFaults: [],
    gateway: { state: 'starting', pid: 0, how: '', each: [] },
    agent: { kind: 'echo', editable: false, command: [] },
    chosen: null,    // the chat's key
    selected: null,  // the entry whose steps are shown; null: always the latest
    client: forGood.read('client', 'wecom'),
    isChatInView: () => true,  // set by the page: phones show one pane at a time
};

// WeCom compares user ids without regard to case.
export function chatKey(app, user) {
    return `${app}\n${user.toLowerCase()}`;
}

export const appOf = (name) => state.apps.find((app) => app.name === name);
export const corpOf = (id) => state.corps.find((corp) => corp.id === id);
export const membersOf = (corp) => state.members.filter((member) => member.corp === corp);
export const chosenChat = () => state.chats.get(state.chosen) ?? null;

export function memberOf(app, user) {
    const corp = appOf(app)?.corp;
    return state.members.find((member) => member.corp === corp &&
                                          member.user.toLowerCase() === user.toLowerCase())
        ?? { corp, user, name: user };
}

export function chatOf(app, user) {
    const key = chatKey(app, user);
    if (!state.chats.has(key)) {
        state.chats.set(key, { key, app, user, entries: [], unread: 0, readUpTo: 0 });
    }
    return state.chats.get(key);
}

// That a member opened the app is nothing that they have written.
export const isEntering = (entry) => entry.type === 'event' && entry.content === '[enter_agent]';
export const isShown = (entry) => entry.state !== 'dropped' && entry.state !== 'suppressed' &&
                                  !isEntering(entry);

function isBeingRead(chat) {
    return chat.key === state.chosen && !document.hidden && state.isChatInView();
}

function keepEntry(entry) {
    const isNew = !state.entries.has(entry.number);
    const chat = chatOf(entry.app, entry.user);
    state.entries.set(entry.number, entry);
    if (isNew) {
        let at = chat.entries.length;
        while (at > 0 && chat.entries[at - 1].number > entry.number) {
            at -= 1;
        }
        chat.entries.splice(at, 0, entry);
    } else {
        chat.entries[chat.entries.findLastIndex(({ number }) => number === entry.number)] = entry;
    }
    if (chat.entries.length > entriesMax) {
        chat.entries.splice(0, entriesMax / 4).forEach(({ number }) => {
            state.entries.delete(number);
        });
    }
    return { chat, isNew };
}

function keepTurn(step) {
    if (step.kind === 'agent_begun') {
        state.turns.set(step.entry, step.gateway);
    } else if (turnEnds.includes(step.kind)) {
        if (state.turns.get(step.entry) === step.gateway) {  // else another one has it by now
            state.turns.delete(step.entry);
        }
    } else if (step.kind === 'gateway_ended') {
        for (const [entry, gateway] of state.turns) {
            if (gateway === step.gateway) {
                state.turns.delete(entry);
                state.stepsOf.get(entry)?.push(step);  // it is the end of this turn, too
            }
        }
    }
}

function keepStep(step) {
    if (step.sequence <= (state.steps.at(-1)?.sequence ?? 0)) {
        return;  // the snapshot had it already
    }
    state.steps.push(step);
    keepStepOf(step);
    if (state.steps.length > stepsMax) {
        state.steps.splice(0, stepsMax / 4);
        const oldest = state.steps[0].sequence;
        for (const [entry, steps] of state.stepsOf) {
            // However long ago: the line under the chat says what a message waits for.
            if ((steps.at(-1)?.sequence ?? 0) < oldest && !isOpen(progressOf(steps))) {
                state.stepsOf.delete(entry);
            }
        }
    }
}

function keepStepOf(step) {
    keepTurn(step);
    if (step.entry !== 0) {
        const steps = state.stepsOf.get(step.entry);
        if (steps) {
            steps.push(step);
        } else {
            state.stepsOf.set(step.entry, [step]);
        }
    }
}

// The steps of an entry that the simulator remembers and this page did not.
export function mergeSteps(entry, steps) {
    const known = state.stepsOf.get(entry) ?? [];
    const bySequence = new Map([...steps, ...known].map((step) => [step.sequence, step]));
    state.stepsOf.set(entry, [...bySequence.values()].sort((a, b) => a.sequence - b.sequence));
}

// Whether steps of that time may have been forgotten here.
export function mayLackSteps(entry) {
    return state.steps.length > 0 && state.steps[0].sequence > 1 &&
           entry.at_ms <= state.steps[0].at_ms;
}

// How far each chat was read, by its key.
const readPositions = () => Object.fromEntries(
    [...state.chats.values()].map(({ key, readUpTo }) => [key, readUpTo]));

function takeSnapshot(snapshot) {
    // What was stored is of the page before a reload.
    const readUpTo = state.hasSnapshot ? readPositions() : forThisTab.read('read', {});
    Object.assign(state, {
        hasSnapshot: true,
        corps: snapshot.corps,
        apps: snapshot.apps,
        members: snapshot.members,
        entries: new Map(),
        chats: new Map(),
        steps: [],
        stepsOf: new Map(),
        turns: new Map(),
        apiIsUp: snapshot.api_is_up,
        menus: snapshot.menus,
        faults: snapshot.faults,
        activeFaults: snapshot.active_faults,
        gateway: snapshot.gateway,
        agent: snapshot.agent,
    });
    forgetMarked();
    snapshot.entries.forEach(keepEntry);
    snapshot.open_steps.forEach(keepStepOf);
    snapshot.steps.forEach(keepStep);
    for (const chat of state.chats.values()) {
        const last = chat.entries.at(-1)?.number ?? 0;
        // A simulator that was started anew counts from one again.
        chat.readUpTo = readUpTo[chat.key] <= last ? readUpTo[chat.key] : last;
        chat.unread = chat.entries.filter((entry) => entry.number > chat.readUpTo &&
                                                     entry.from === 'app' && isShown(entry)).length;
    }
    chooseSomething();
    if (state.selected !== null && !state.entries.has(state.selected)) {
        state.selected = null;
    }
    announce('snapshot');
    markRead();
}

function chooseSomething() {
    const [app, user] = (state.chosen ?? forThisTab.read('chosen', '')).split('\n');
    const corp = appOf(app)?.corp;
    const known = membersOf(corp).some((member) => member.user.toLowerCase() === user);
    if (known) {
        state.chosen = chatOf(app, user).key;
        return;
    }
    const first = state.apps[0];
    const member = first ? membersOf(first.corp)[0] : null;
    state.chosen = member ? chatOf(first.name, member.user).key : null;
}

export function choose(app, user) {
    const chat = chatOf(app, user);
    if (chat.key === state.chosen) {
        return;
    }
    state.chosen = chat.key;
    state.selected = null;
    forThisTab.write('chosen', chat.key);
    announce('chosen');
    markRead();
}

export function select(number) {
    state.selected = number;
    announce('selected');
}

// The message whose steps are shown: the selected one, else the member's latest in this chat.
export function shownEntry() {
    return state.entries.get(state.selected) ??
           chosenChat()?.entries.findLast((entry) => entry.from === 'member' &&
                                                     !isEntering(entry)) ?? null;
}

// What it answers; null for what an app says unasked.
export function questionOf(entry) {
    return entry.from === 'member' ? entry : state.entries.get(entry.answers) ?? null;
}

export function longestAnswer() {
    return (state.agent.timeout_s || 2700) * 1000;
}

export function markRead() {
    const chat = chosenChat();
    if (!chat || !isBeingRead(chat)) {
        return;
    }
    const last = chat.entries.at(-1)?.number ?? 0;
    chat.readUpTo = last;
    if (chat.unread > 0) {
        chat.unread = 0;
        announce('unread');
    }
}

// When the page goes: at 50 messages a second this is too much to do for each.
export function rememberRead() {
    forThisTab.write('read', readPositions());
}

const takers = {
    snapshot: takeSnapshot,
    entry({ entry }) {
        const { chat, isNew } = keepEntry(entry);
        if (isNew && isBeingRead(chat)) {
            chat.readUpTo = entry.number;
        } else if (isNew && entry.from === 'app' && isShown(entry)) {
            chat.unread += 1;
            mark('unread');
        }
        mark('entries', entry.number, entry);
    },
    step({ step }) {
        keepStep(step);
        mark('steps', step.sequence, step);
    },
    faults({ active }) {
        state.activeFaults = active;
        mark('faults');
    },
    api({ is_up: isUp }) {
        state.apiIsUp = isUp;
        mark('faults');
    },
    menus({ menus }) {
        state.menus = menus;
        mark('menus');
    },
    gateway({ type, ...gateway }) {
        state.gateway = gateway;
        mark('gateway');
    },
    finding({ number, finding }) {
        mark('finding', `${number} ${finding.subject} ${finding.sentence}`, { number, finding });
    },
    agent({ type, ...agent }) {
        state.agent = agent;
        mark('agent');
    },
};

export function take(message) {
    takers[message.type]?.(message);
}
