// The key with which this page may change something. Whoever is let in has it behind the #; it is
// kept for this address alone, while cookies go to every port.
import { forGood } from './storage.js';

const mark = '#key=';
let key = null;  // where browsers refuse to store

if (location.hash.startsWith(mark)) {
    key = location.hash.slice(mark.length);
    forGood.write('key', key);
    history.replaceState(null, '', location.pathname);
}

export const keyHeader = () => ({ 'X-Page-Key': forGood.read('key', key) ?? '' });
