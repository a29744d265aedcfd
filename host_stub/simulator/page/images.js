// Images in the composer: chosen, pasted or dropped; made small enough; uploaded.
import { byId, el, icon } from './dom.js';
import { Problem } from './connection.js';
import { t } from './texts.js';

const bytesMax = 2 * 1024 * 1024;  // of WeCom's image messages
const acceptedTypes = ['image/png', 'image/jpeg'];
const smallestSide = 320;
const quality = 0.86;

let held = null;  // {blob, address}: waits to be sent

function draw() {
    const place = byId('attachment');
    place.hidden = held === null;
    place.replaceChildren(...(held === null ? [] : [
        el('img', { src: held.address, alt: t('typeImage') }),
        el('button',
           {
               type: 'button',
               class: 'tool',
               'aria-label': t('removeImage'),
               title: t('removeImage'),
               on: { click: () => { hold(null); byId('composer-text').focus(); } },
           },
           icon('close')),
    ]));
}

function hold(image) {
    releaseImage(held);
    held = image;
    draw();
}

// The composer's own from now on: it comes back with restoreImage if it could not be sent.
export function takeImage() {
    const image = held;
    held = null;
    draw();
    return image;
}

export function restoreImage(image) {
    if (image && held === null) {
        hold(image);
    }
}

function jpegOf(bitmap, scale) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';  // JPEG knows no transparency
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}

async function smallEnough(file) {
    if (acceptedTypes.includes(file.type) && file.size <= bytesMax) {
        return file;
    }
    let bitmap = null;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        throw new Problem(t('imageUnreadable'));
    }
    const shortest = Math.min(bitmap.width, bitmap.height);
    for (let scale = 1; scale === 1 || shortest * scale >= smallestSide; scale *= 0.7) {
        const blob = await jpegOf(bitmap, scale);
        if (blob && blob.size <= bytesMax) {
            return blob;
        }
    }
    throw new Problem(t('imageTooLarge'));
}

export async function uploadImage({ blob }) {
    const answer = await fetch('media', {
        method: 'POST',
        headers: { 'Content-Type': blob.type },
        body: blob,
    }).catch(() => null);
    if (!answer?.ok) {
        throw new Problem(t('uploadFailed', { status: answer?.status ?? '–' }));
    }
    return (await answer.json()).media_id;
}

export function releaseImage(image) {
    if (image) {
        URL.revokeObjectURL(image.address);
    }
}

function firstImage(transfer) {
    return [...(transfer?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null;
}

export function startImages(complain) {
    const accept = async (file) => {
        if (!file) {
            return;
        }
        complain('');
        try {
            const blob = await smallEnough(file);
            hold({ blob, address: URL.createObjectURL(blob) });
            byId('composer-text').focus();
        } catch (problem) {
            complain(problem.message);
        }
    };
    const picker = byId('image-file');
    byId('attach-image').addEventListener('click', () => picker.click());
    picker.addEventListener('change', () => {
        accept(picker.files[0]);
        picker.value = '';
    });
    byId('composer-text').addEventListener('paste', (event) => {
        const image = firstImage(event.clipboardData);
        if (image) {
            event.preventDefault();
            accept(image);
        }
    });
    // A file that misses the chat must not replace the page.
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
        event.preventDefault();
        if (event.target.closest?.('main')) {
            accept(firstImage(event.dataTransfer));
        }
    });
}
