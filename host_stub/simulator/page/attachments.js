// A file in the composer: chosen, pasted, dropped or recorded; of the kind that WeCom makes of it;
// within WeCom's limits; uploaded.
import { byId, el, icon } from './dom.js';
import { Problem } from './connection.js';
import { byteCount } from './format.js';
import { keyHeader } from './key.js';
import { startRecorder } from './recorder.js';
import { said } from './said.js';
import { t } from './texts.js';

const megabyte = 1_000_000;  // as media_shelf.hpp has it
// What WeCom takes of each kind: an image that is larger is made smaller, all else is refused.
const bytesMax = {
    image: 10 * megabyte, voice: 2 * megabyte, video: 10 * megabyte, file: 20 * megabyte,
};
const bytesMin = 6;
const imageTypes = ['image/png', 'image/jpeg'];
const smallestSide = 320;
const quality = 0.86;

let held = null;  // {kind, blob, name, address}: waits to be sent

function preview({ kind, blob, name, address }) {
    if (kind === 'image') {
        return el('img', { src: address, alt: t('typeImage') });
    }
    return el('span', { class: 'held-file' }, icon(kind), el('strong', {}, name),
              el('span', { class: 'quiet' }, byteCount(blob.size)));
}

function draw() {
    const place = byId('attachment');
    place.hidden = held === null;
    place.replaceChildren(...(held === null ? [] : [
        preview(held),
        el('button',
           {
               type: 'button',
               class: 'tool',
               'aria-label': t('removeFile'),
               title: t('removeFile'),
               on: { click: () => { hold(null); byId('composer-text').focus(); } },
           },
           icon('close')),
    ]));
}

function hold(attachment) {
    releaseAttachment(held);
    held = attachment;
    draw();
}

// The composer's own from now on: it comes back with restoreAttachment if it could not be sent.
export function takeAttachment() {
    const attachment = held;
    held = null;
    draw();
    return attachment;
}

export function restoreAttachment(attachment) {
    if (attachment && held === null) {
        hold(attachment);
    }
}

export function releaseAttachment(attachment) {
    if (attachment) {
        URL.revokeObjectURL(attachment.address);
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
    if (imageTypes.includes(file.type) && file.size <= bytesMax.image) {
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
        if (blob && blob.size <= bytesMax.image) {
            return blob;
        }
    }
    throw new Problem(t('fileTooLarge', { max: byteCount(bytesMax.image) }));
}

function kindOf(file) {
    const [family] = file.type.split('/');
    if (family === 'image' && file.type !== 'image/svg+xml') {
        return 'image';
    }
    if (family === 'audio' || /\.amr$/iu.test(file.name)) {
        return 'voice';
    }
    return family === 'video' ? 'video' : 'file';
}

async function attachmentOf(file) {
    const kind = kindOf(file);
    const blob = kind === 'image' ? await smallEnough(file) : file;
    if (blob.size > bytesMax[kind]) {
        throw new Problem(t('fileTooLarge', { max: byteCount(bytesMax[kind]) }));
    }
    if (blob.size < bytesMin) {
        throw new Problem(t('fileTooSmall'));
    }
    return { kind, blob, name: file.name || kind, address: URL.createObjectURL(blob) };
}

// Its media id.
export async function upload({ kind, blob, name }) {
    const query = new URLSearchParams({ type: kind, name });
    const answer = await fetch(`media?${query}`, {
        method: 'POST',
        headers: { ...keyHeader(), 'Content-Type': blob.type || 'application/octet-stream' },
        body: blob,
    }).catch(() => null);
    if (!answer?.ok) {
        const sentence = answer ? (await answer.text()).trim() : '';
        throw new Problem(said(sentence) || t('uploadFailed'));
    }
    return (await answer.json()).media_id;
}

const firstFile = (transfer) => [...(transfer?.files ?? [])][0] ?? null;

// Over the chat, where a file may be let go.
function showDrop({ target, dataTransfer }) {
    const isFile = [...(dataTransfer?.types ?? [])].includes('Files');
    byId('drop').hidden = !isFile || !target.closest?.('main');
}

export function startAttachments(complain) {
    const accept = async (file) => {
        if (!file) {
            return;
        }
        complain('');
        try {
            hold(await attachmentOf(file));
            byId('composer-text').focus();
        } catch (problem) {
            complain(problem.message);
        }
    };
    const picker = byId('file');
    byId('attach').addEventListener('click', () => picker.click());
    picker.addEventListener('change', () => {
        accept(picker.files[0]);
        picker.value = '';
    });
    byId('composer-text').addEventListener('paste', (event) => {
        const file = firstFile(event.clipboardData);
        if (file) {
            event.preventDefault();
            accept(file);
        }
    });
    // A file that misses the chat must not replace the page.
    document.addEventListener('dragover', (event) => {
        event.preventDefault();
        showDrop(event);
    });
    document.addEventListener('dragleave', (event) => {
        if (event.relatedTarget === null) {  // out of the window
            byId('drop').hidden = true;
        }
    });
    document.addEventListener('drop', (event) => {
        event.preventDefault();
        byId('drop').hidden = true;
        if (event.target.closest?.('main')) {
            accept(firstFile(event.dataTransfer));
        }
    });
    startRecorder(accept, complain);
}
