// Over the chat: what is broken, on purpose or not, and the button that heals it.
import { byId, el, icon } from './dom.js';
import { on } from './changes.js';
import { faultTitle } from './faults.js';
import { said } from './said.js';
import { state } from './state.js';
import { t } from './texts.js';
import { ask } from './toasts.js';

const lostForLong = 8000;  // ms

let lostSince = null;
let timer = 0;

// Of several each has ended in a way of its own, which stands on the wire.
function endedText() {
    if (state.gateway.each.length > 1) {
        return t('bannerAllEnded');
    }
    const how = said(state.gateway.how ?? '');
    return t(state.gateway.was_ready ? 'bannerEnded' : 'bannerNotStarted', { how });
}

// [kind, text, heal]: heal is [what the button says, what it asks for].
function banners() {
    if (!state.isConnected) {
        if (!state.hasSnapshot && Date.now() - lostSince < 1500) {
            return [];  // the first second of the page is no loss
        }
        const isLong = lostSince !== null && Date.now() - lostSince > lostForLong;
        return [['lost', t(isLong ? 'bannerLostLong' : 'bannerLost'), null]];
    }
    const names = [...new Set(state.activeFaults.map(({ name }) => faultTitle(name)))];
    return [
        state.gateway.state === 'ended'
            ? ['ended', endedText(), ['restart', 'restart']]
            : null,
        state.gateway.state === 'starting' ? ['starting', t('bannerStarting'), null] : null,
        state.apiIsUp ? null : ['outage', t('bannerOutage'), ['healOutage', 'up']],
        names.length === 0 ? null
            : ['faults', t('bannerFaults', { names: names.join(' · ') }),
               ['healFaults', 'clear_faults']],
    ].filter((banner) => banner !== null);
}

function banner([kind, text, heal]) {
    const symbols = { lost: 'wire', starting: 'clock', ended: 'power', outage: 'down' };
    return el('div', { class: `banner banner-${kind}`, data: { testid: 'banner', kind } },
              icon(symbols[kind] ?? 'fault'), el('p', {}, text),
              heal === null ? null
                  : el('button', { type: 'button', class: 'small', data: { testid: 'heal' },
                                   on: { click: () => ask(heal[1]) } }, t(heal[0])));
}

function draw() {
    clearTimeout(timer);
    if (state.isConnected) {
        lostSince = null;
    } else {
        lostSince ??= Date.now();
        timer = setTimeout(draw, 1600);
    }
    const wanted = banners();
    const key = JSON.stringify(wanted);
    if (byId('banners').dataset.shown !== key) {
        byId('banners').dataset.shown = key;
        byId('banners').replaceChildren(...wanted.map(banner));
        // Notices lie below them.
        document.documentElement.style.setProperty('--banners', `${byId('banners').offsetHeight}px`);
    }
}

export function startBanner() {
    on('snapshot faults gateway connection language', draw);
    draw();
}
