// A voice message from the microphone. WeCom's own clients make AMR of it; browsers can't, so this
// one is what the browser makes.
import { byId } from './dom.js';
import { t } from './texts.js';

const longest = 60;  // seconds, as in WeCom

let recorder = null;

function draw() {
    const button = byId('record');
    const label = t(recorder === null ? 'recordVoice' : 'stopRecording');
    button.setAttribute('aria-pressed', String(recorder !== null));
    button.setAttribute('aria-label', label);
    button.title = label;
    delete button.dataset.seconds;
}

function count(seconds) {
    byId('record').dataset.seconds = seconds;
}

async function record(accept) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const pieces = [];
    const started = new MediaRecorder(stream);
    let seconds = 0;
    const timer = setInterval(() => {
        seconds += 1;
        count(seconds);
        if (seconds === longest) {
            started.stop();
        }
    }, 1000);
    started.addEventListener('dataavailable', ({ data }) => pieces.push(data));
    started.addEventListener('stop', () => {
        clearInterval(timer);
        stream.getTracks().forEach((track) => track.stop());
        recorder = null;
        draw();
        const [type] = started.mimeType.split(';');
        accept(new File(pieces, `voice.${type.split('/')[1]}`, { type }));
    });
    started.start();
    recorder = started;
    draw();
}

// `accept` takes the file.
export function startRecorder(accept, complain) {
    byId('record').addEventListener('click', async () => {
        if (recorder !== null) {
            recorder.stop();
            return;
        }
        complain('');
        try {
            await record(accept);
        } catch {
            complain(t('noMicrophone'));
        }
    });
}
