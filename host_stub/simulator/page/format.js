// Times, durations, names and colours as people read them.
import { language } from './texts.js';

const minute = 60_000;
const day = 86_400_000;

const formats = new Map();

function format(name, options) {
    const key = `${language()} ${name}`;
    if (!formats.has(key)) {
        formats.set(key, new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', options));
    }
    return formats.get(key);
}

const pad = (number, width = 2) => String(number).padStart(width, '0');

export function clock(at) {
    const time = new Date(at);
    return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

export function exactClock(at) {
    return `${clock(at)}.${pad(new Date(at).getMilliseconds(), 3)}`;
}

function startOfDay(at) {
    return new Date(at).setHours(0, 0, 0, 0);
}

// As a chat list writes it: today the time, before that the day.
export function shortTime(at, now = Date.now()) {
    if (startOfDay(at) === startOfDay(now)) {
        return format('time', { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
    }
    const isRecent = now - at < 6 * day;
    return isRecent ? format('weekday', { weekday: 'short' }).format(at)
                    : format('date', { month: 'numeric', day: 'numeric' }).format(at);
}

export function separatorTime(at, now = Date.now()) {
    const time = format('time', { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
    if (startOfDay(at) === startOfDay(now)) {
        return time;
    }
    const date = format('day', { weekday: 'short', month: 'short', day: 'numeric' }).format(at);
    return `${date} ${time}`;
}

export function duration(ms) {
    if (ms < 1000) {
        return `${Math.round(ms)} ms`;
    }
    return ms < minute ? `${(ms / 1000).toFixed(1)} s` : stopwatch(ms);
}

// As the limits are counted: a megabyte is 10^6.
export function byteCount(bytes) {
    const units = ['B', 'kB', 'MB'];
    const unit = bytes >= 1_000_000 ? 2 : bytes >= 1000 ? 1 : 0;
    const number = bytes / 1000 ** unit;
    return `${number < 10 && unit > 0 ? number.toFixed(1).replace(/\.0$/u, '') : Math.round(number)} ${units[unit]}`;
}

export function stopwatch(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const rest = pad(seconds % 60);
    return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

// The hues of WeCom's own avatars, each with enough contrast under white letters.
const hues = ['#2f6fd6', '#0f7f74', '#b8501a', '#7a52cc', '#b83c6e', '#0b769e', '#4f63c6',
              '#3c7a3a', '#a8483f', '#5a6b86'];

function hueOf(text) {
    let hash = 41;
    for (const character of text) {
        hash = (hash * 31 + character.codePointAt(0)) % 65_521;
    }
    return hues[hash % hues.length];
}

// A Chinese name is known by its last two characters, another one by its first letters.
function initials(name) {
    const characters = [...name.trim()];
    const isChinese = /\p{Script=Han}/u;
    if (characters.length > 0 && characters.every((character) => isChinese.test(character))) {
        return characters.slice(-2).join('');
    }
    const words = name.trim().split(/[\s_.-]+/u).filter(Boolean);
    const letters = words.slice(0, 2).map((word) => [...word][0]);
    return (letters.every((letter) => !isChinese.test(letter)) ? letters : letters.slice(0, 1))
        .join('').toUpperCase();
}

export function lookOf(name, id = name) {
    return { initials: initials(name) || '?', hue: hueOf(id) };
}
