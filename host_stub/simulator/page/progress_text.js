// How far a message is, in words.
import { clock, duration, stopwatch } from './format.js';
import { said } from './said.js';
import { longestAnswer, state } from './state.js';
import { t } from './texts.js';

const texts = { queued: 'progressQueued', replying: 'progressStored', stored: 'progressStored' };

const waitingText = (gateway) =>
    (gateway ? t('waitingAt', { n: gateway }) : t('waiting'));

// What the gateway says of a reply that waits, in its own clock's words: when, and why.
const putOff = /^.* waits, the next attempt is in (\d+) s at the earliest: (.*)$/su;

function waitsText(reason, since) {
    const [, seconds, why] = reason.match(putOff) ?? [];
    return seconds === undefined
        ? t('progressWaits', { why: said(reason) })
        : t('progressWaitsUntil', { at: clock(since + Number(seconds) * 1000), why: said(why) });
}

// [text, isOver]; over: the time that has passed does not count any more.
export function progressText({ phase, since, why: reason, gateway }) {
    const why = said(reason);
    const waited = Date.now() - since;
    if (phase === 'set_aside') {
        return [t('progressSetAside', { why }), true];
    }
    if (state.gateway.state === 'ended') {
        return [t('progressDown'), true];
    }
    if (phase === 'agent') {
        const longest = longestAnswer();
        return waited > longest ? [t('waitingTooLong', { time: duration(longest) }), true]
                                : [`${waitingText(gateway)} · ${stopwatch(waited)}`, false];
    }
    const text = phase === 'waits' ? waitsText(reason, since) : t(texts[phase]);
    return [`${text} · ${stopwatch(waited)}`, false];
}
