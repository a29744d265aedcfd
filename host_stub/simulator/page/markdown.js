// The texts of messages as WeCom's clients show them: WeCom's own Markdown and no more of it. Of code
// it has what stands within a line (doc 90236), so a block with fences is text.
import { el } from './dom.js';

const fontColours = ['info', 'comment', 'warning'];
const inlinePattern = new RegExp([
    '`([^`\\n]+)`',
    '\\*\\*(.+?)\\*\\*',
    '\\[([^\\]\\n]*)\\]\\(([^()\\s]+)\\)',
    `<font color=["']?(${fontColours.join('|')})["']?>(.*?)</font>`,
].join('|'), 'su');
const anchorPattern = /<a\s[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)<\/a>/isu;
const addressPattern = /https?:\/\/[^\s<>"'`，。；！？、（）《》]+/u;

function safeAddress(text) {
    try {
        const url = new URL(text);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
    } catch {
        return null;
    }
}

// An address that is no web page is shown, and leads nowhere.
function link(address, ...children) {
    const href = safeAddress(address);
    return href === null ? el('span', { title: address }, ...children)
                         : el('a', { href, target: '_blank', rel: 'noopener' }, ...children);
}

// Cuts `text` at every match; what lies between goes to `plain`, a match to `special`.
function pieces(text, pattern, plain, special) {
    const nodes = [];
    let rest = text;
    for (let match = pattern.exec(rest); match !== null; match = pattern.exec(rest)) {
        nodes.push(...plain(rest.slice(0, match.index)), special(match));
        rest = rest.slice(match.index + match[0].length);
    }
    return [...nodes, ...plain(rest)];
}

const asIs = (text) => (text === '' ? [] : [text]);

// The full stop after an address is the sentence's, and so is a bracket that was opened before it.
function addressIn(text) {
    const address = text.replace(/[.,;:!?]+$/u, '');
    const count = (bracket) => address.split(bracket).length - 1;
    return address.endsWith(')') && count(')') > count('(') ? addressIn(address.slice(0, -1))
                                                            : address;
}

function withAddresses(text) {
    return pieces(text, addressPattern, asIs, (match) => {
        match[0] = addressIn(match[0]);  // the rest is looked at again
        return link(match[0], match[0]);
    });
}

function inline(text) {
    return pieces(text, inlinePattern, withAddresses, (match) => {
        const [, code, bold, label, address, colour, coloured] = match;
        if (code !== undefined) {
            return el('code', {}, code);
        }
        if (bold !== undefined) {
            return el('strong', {}, ...inline(bold));
        }
        if (colour !== undefined) {
            return el('span', { class: `font-${colour}` }, ...inline(coloured));
        }
        return link(address, ...asIs(label || address));
    });
}

// A member's text and an app's text message: newlines, addresses, and <a href> in an app's.
export function textNodes(text, { anchors }) {
    if (!anchors) {
        return withAddresses(text);
    }
    return pieces(text, anchorPattern, withAddresses,
                  ([, , address, label]) => link(address, label));
}

function takeWhile(lines, from, matches) {
    let end = from;
    while (end < lines.length && matches(lines[end])) {
        end += 1;
    }
    return end;
}

const isQuote = (line) => /^\s*>/u.test(line);
const isHeading = (line) => /^#{1,6}\s+\S/u.test(line);
const isPlain = (line) => !isQuote(line) && !isHeading(line);

function block(lines, from) {
    const line = lines[from];
    if (isQuote(line)) {
        const end = takeWhile(lines, from, isQuote);
        const quoted = lines.slice(from, end).map((next) => next.replace(/^\s*>\s?/u, ''));
        return [el('blockquote', {}, ...inline(quoted.join('\n'))), end];
    }
    if (isHeading(line)) {
        const [, marks, text] = /^(#{1,6})\s+(.*)$/u.exec(line);
        // A look, not a heading of the page: screen readers jump between those of the page.
        return [el('p', { class: `heading heading-${marks.length}` }, ...inline(text)), from + 1];
    }
    const end = takeWhile(lines, from, isPlain);
    return [el('p', {}, ...inline(lines.slice(from, end).join('\n'))), end];
}

export function markdownNodes(text) {
    const lines = text.replace(/\r\n?/gu, '\n').split('\n');
    const nodes = [];
    for (let at = 0; at < lines.length;) {
        const [node, next] = block(lines, at);
        nodes.push(node);
        at = next;
    }
    return nodes;
}
