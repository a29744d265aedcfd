// WeCom tells the gateway that a member has opened an app (enter_agent): here once for each chat that
// is opened in this page.
import { on } from './changes.js';
import { request } from './connection.js';
import { chosenChat, state } from './state.js';

const entered = new Set();

async function enter() {
    const chat = chosenChat();
    // A gateway that is not ready would be told, and miss it.
    if (!chat || !state.isChatInView() || state.gateway.state !== 'ready' ||
        entered.has(chat.key)) {
        return;
    }
    entered.add(chat.key);
    try {
        await request('event', { app: chat.app, user: chat.user, event: 'enter_agent', key: '' });
    } catch {
        entered.delete(chat.key);  // when the simulator is there again
    }
}

export function startEntering() {
    on('snapshot chosen opened gateway', enter);
}
