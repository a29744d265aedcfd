// What the gateway and the simulator say, in the reader's language. They speak English; Chinese is
// looked up here, in the gateway's own table and in the simulator's (translator.hpp has the rules).
import { announce } from './changes.js';
import { sentences } from './sentences_zh.js';
import { language } from './texts.js';

const gap = /\{(#?)\}/gu;
const keptMax = 2000;  // sentences

const whole = new Map();
let patterns = [];        // those with most words of their own first
const known = new Map();  // what has been looked up

function patternOf([english, chinese]) {
    const pieces = english.split(/\{#?\}/u);
    return {
        chinese,
        pieces,
        isNumber: [...english.matchAll(gap)].map(([, mark]) => mark === '#'),
        own: pieces.join('').length,
    };
}

function add(rows) {
    const withGaps = rows.filter(([english]) => /\{#?\}/u.test(english));
    rows.filter((row) => !withGaps.includes(row)).forEach((row) => whole.set(...row));
    patterns = [...patterns, ...withGaps.map(patternOf)].sort((a, b) => b.own - a.own);
    known.clear();
}

// What stands in the gaps, or null. Each is as short as can be, but the last one ends at the end.
function argumentsOf({ pieces, isNumber }, sentence) {
    const first = pieces[0];
    const last = pieces.at(-1);
    if (!sentence.startsWith(first) || !sentence.endsWith(last) ||
        sentence.length < first.length + last.length) {
        return null;
    }
    let rest = sentence.slice(first.length, sentence.length - last.length);
    const found = [];
    for (const piece of pieces.slice(1, -1)) {
        const at = rest.indexOf(piece);
        if (at < 0) {
            return null;
        }
        found.push(rest.slice(0, at));
        rest = rest.slice(at + piece.length);
    }
    found.push(rest);
    return found.every((text, i) => !isNumber[i] || /^-?\d+$/u.test(text)) ? found : null;
}

function chineseOf(sentence) {
    if (whole.has(sentence)) {
        return whole.get(sentence);
    }
    for (const pattern of patterns) {
        const found = argumentsOf(pattern, sentence);
        if (found !== null) {
            // One word may be a name.
            return pattern.chinese.replace(/\{(\d)\}/gu, (mark, n) => {
                const text = found[n - 1] ?? mark;
                return text.includes(' ') ? chineseOf(text) : text;
            });
        }
    }
    return sentence;
}

export function said(sentence) {
    if (!sentence || language() !== 'zh') {
        return sentence;
    }
    if (!known.has(sentence)) {
        if (known.size >= keptMax) {
            known.clear();
        }
        known.set(sentence, chineseOf(sentence));
    }
    return known.get(sentence);
}

export async function startSentences() {
    add(sentences);
    const answer = await fetch('sentences').catch(() => null);
    if (answer?.ok) {
        add(await answer.json());
        if (language() === 'zh') {
            announce('language');
        }
    }
}
