// The page's two languages: which one is chosen, and how its texts are found.
import { forGood } from './storage.js';
import { english } from './texts_en.js';
import { chinese } from './texts_zh.js';

const texts = { en: english, zh: chinese };

function preferred() {
    const remembered = forGood.read('language');
    const wanted = [remembered, ...navigator.languages].filter(Boolean)
        .map((tag) => tag.slice(0, 2).toLowerCase());
    return wanted.find((tag) => tag in texts) ?? 'en';
}

let current = preferred();

export function language() {
    return current;
}

export function chooseLanguage(tag) {
    current = tag;
    forGood.write('language', tag);
}

export function hasText(key) {
    return key in texts[current];
}

// A text, with its {name}s filled in; a function where words depend on a number.
export function t(key, values = {}) {
    const text = texts[current][key];
    if (typeof text === 'function') {
        return text(values);
    }
    return text.replace(/\{(\w+)\}/gu, (whole, name) => values[name] ?? whole);
}

// Fills in what stands in index.html.
export function applyTexts(root = document) {
    document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
    root.querySelectorAll('[data-text]').forEach((element) => {
        element.textContent = t(element.dataset.text);
    });
    for (const name of ['aria-label', 'title', 'placeholder']) {
        root.querySelectorAll(`[data-${name}]`).forEach((element) => {
            element.setAttribute(name, t(element.getAttribute(`data-${name}`)));
        });
    }
}
