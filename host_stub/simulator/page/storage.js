// What survives a reload. Browsers may refuse both storages: then nothing does.

function readFrom(storage, key, otherwise) {
    try {
        const text = window[storage].getItem(key);
        return text === null ? otherwise : JSON.parse(text);
    } catch {
        return otherwise;
    }
}

function writeTo(storage, key, value) {
    try {
        window[storage].setItem(key, JSON.stringify(value));
    } catch {
        // Full or forbidden: the page works without.
    }
}

export const forThisTab = {
    read: (key, otherwise = null) => readFrom('sessionStorage', key, otherwise),
    write: (key, value) => writeTo('sessionStorage', key, value),
};

export const forGood = {
    read: (key, otherwise = null) => readFrom('localStorage', key, otherwise),
    write: (key, value) => writeTo('localStorage', key, value),
};
