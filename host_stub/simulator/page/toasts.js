// Short notices that go away by themselves, and the asking for things that may fail.
import { byId, el, icon } from './dom.js';
import { request } from './connection.js';
import { t } from './texts.js';

const shownFor = 6000;  // ms
const toastsMax = 4;

export function toast(text, tone = 'good') {
    const list = byId('toasts');
    const item = el('p', { class: `toast tone-${tone}`, data: { testid: 'toast', tone } },
                    icon(tone === 'bad' ? 'bad' : 'check'), text);
    list.append(item);
    if (list.childElementCount > toastsMax) {
        list.firstElementChild.remove();
    }
    setTimeout(() => item.remove(), shownFor);
}

// Asks the simulator for something that is shown elsewhere; complains here if it fails.
export async function ask(what, parameters = {}) {
    try {
        return await request(what, parameters);
    } catch (problem) {
        toast(problem.message || t('failedToDo'), 'bad');
        return null;
    }
}
