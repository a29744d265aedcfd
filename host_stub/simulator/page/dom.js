// Building elements, and the habits of keyboard and scrolling that the page's lists share.

const svgNamespace = 'http://www.w3.org/2000/svg';
const nearBottom = 48;  // pixels: so close counts as being there

// Attributes that are null, undefined or false are left out; `on` holds listeners, `data` data-*.
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === 'on') {
            Object.entries(value).forEach(([event, run]) => element.addEventListener(event, run));
        } else if (name === 'data') {
            Object.assign(element.dataset, value);
        } else if (value === true) {
            element.setAttribute(name, '');
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value);
        }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
}

// The drawings become a part of the page, which keeps them when the simulator is gone. Their names
// there are their own.
export async function startIcons() {
    const answer = await fetch('icons.svg').catch(() => null);
    if (!answer?.ok) {
        return;
    }
    const drawings = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
    drawings.querySelectorAll('symbol').forEach((symbol) => { symbol.id = `icon-${symbol.id}`; });
    const sheet = document.importNode(drawings.documentElement, true);
    sheet.setAttribute('hidden', '');
    sheet.setAttribute('aria-hidden', 'true');
    document.body.append(sheet);
    document.querySelectorAll('use').forEach((use) => {
        use.setAttribute('href', use.getAttribute('href').replace('icons.svg#', '#icon-'));
    });
}

export function icon(name) {
    const svg = document.createElementNS(svgNamespace, 'svg');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS(svgNamespace, 'use');
    use.setAttribute('href', `#icon-${name}`);
    svg.append(use);
    return svg;
}

export function byId(id) {
    return document.getElementById(id);
}

export function avatar(look, className = '') {
    const square = el('span', { class: `avatar ${className}`, 'aria-hidden': 'true' },
                      look.initials);
    square.style.setProperty('--hue', look.hue);
    return square;
}

// Only writes what differs: an attribute or a text set anew makes screen readers speak again.
export function setText(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

// One tab stop for a list: the arrows, Home and End move inside it.
export function rove(list, selector, { horizontal = false, onMove = null } = {}) {
    const [back, forth] = horizontal ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const target = (items, at, key) => ({
        [back]: items[Math.max(at - 1, 0)],
        [forth]: items[Math.min(at + 1, items.length - 1)],
        Home: items[0],
        End: items[items.length - 1],
    })[key];
    list.addEventListener('keydown', (event) => {
        const from = event.target.closest(selector);
        // Inside an item's own fields and texts the keys keep their meaning.
        if (!from || event.target !== from || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        const items = [...list.querySelectorAll(selector)];
        const next = target(items, items.indexOf(from), event.key);
        if (next) {
            event.preventDefault();
            next.focus();
            onMove?.(next);
        }
    });
    list.addEventListener('focusin', (event) => {
        const item = event.target.closest(selector);
        if (item && item === event.target) {
            markTabStop(list, selector, item);
        }
    });
}

export function markTabStop(list, selector, item) {
    const before = list.querySelector(`${selector}[tabindex="0"]`);
    if (before !== item) {
        before?.setAttribute('tabindex', '-1');
        item?.setAttribute('tabindex', '0');
    }
}

// Keeps a list at its end while the reader is there, also when pictures or a keyboard change its
// height; calls `onLeave(isAway)` when that changes.
export function stickToEnd(scroller, content, onChange) {
    let isAtEnd = true;
    const toEnd = () => {
        isAtEnd = true;
        scroller.scrollTop = scroller.scrollHeight;
        onChange(true);
    };
    const isNear = () =>
        scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearBottom;
    let lastTop = 0;
    scroller.addEventListener('scroll', () => {
        // Content that grows moves the end away without the reader: only going up is leaving.
        const wentUp = scroller.scrollTop < lastTop - 1;
        lastTop = scroller.scrollTop;
        if (isNear() !== isAtEnd && (wentUp || !isAtEnd)) {
            isAtEnd = isNear();
            onChange(isAtEnd);
        }
    }, { passive: true });
    const watcher = new ResizeObserver(() => {
        if (isAtEnd) {
            scroller.scrollTop = scroller.scrollHeight;
        }
    });
    watcher.observe(scroller);
    watcher.observe(content);
    return { toEnd, isAtEnd: () => isAtEnd };
}
