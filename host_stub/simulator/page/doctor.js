// "Does the set-up work?": what `doctor` finds, line by line as it comes.
import { on } from './changes.js';
import { request } from './connection.js';
import { openDialog } from './dialogs.js';
import { el, icon } from './dom.js';
import { language, t } from './texts.js';

const symbols = { ok: 'check', warning: 'fault', failed: 'bad', skipped: 'more' };

const tones = { ok: 'good', warning: 'fault', failed: 'bad' };

let runs = 0;
let current = null;  // {number, findings, take}

function line({ verdict, subject, sentence }) {
    return el('li', { class: `finding tone-${tones[verdict] ?? 'plain'}`,
                      data: { testid: 'finding', verdict } },
              el('span', { class: 'finding-icon' }, icon(symbols[verdict] ?? 'unknown')),
              el('div', {}, el('strong', {}, subject), el('p', {}, sentence)),
              el('span', { class: 'tag' }, t(`verdict.${verdict}`)));
}

function summary(findings) {
    const count = (verdict) => findings.filter((finding) => finding.verdict === verdict).length;
    return t('doctorDone',
             { failed: count('failed'), warnings: count('warning'), n: findings.length });
}

async function examine(list, text, button) {
    runs += 1;
    const run = { number: `${Date.now()}-${runs}`, count: 0 };
    run.take = (finding) => {
        run.count += 1;
        list.append(line(finding));
    };
    current = run;
    list.replaceChildren();
    button.disabled = true;
    text.textContent = t('doctorWorks');
    try {
        const { findings } = await request('doctor', { number: run.number, language: language() });
        findings.slice(run.count).forEach(run.take);  // those that the answer has overtaken
        text.textContent = summary(findings);
    } catch (problem) {
        text.textContent = problem.message || t('failedToDo');
    }
    current = null;
    button.disabled = false;
}

function fill() {
    const list = el('ul', { class: 'findings', data: { testid: 'findings' } });
    const text = el('p', { class: 'quiet', role: 'status', data: { testid: 'doctor-summary' } });
    const button = el('button',
                      { type: 'button', class: 'small', data: { testid: 'doctor-again' } },
                      icon('restart'), t('doctorAgain'));
    button.addEventListener('click', () => examine(list, text, button));
    examine(list, text, button);
    return el('div', { class: 'doctor' }, list, el('footer', {}, text, button));
}

export const openDoctor = () => openDialog('doctor', t('doctorTitle'), fill);

export function startDoctor() {
    on('finding', (findings) => findings
        .filter(({ number }) => number === current?.number)
        .forEach(({ finding }) => current.take(finding)));
}
