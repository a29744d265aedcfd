// "Connect my agent": who answers, as a form, as YAML, and at once.
import { copyButton } from './bytes.js';
import { byId, el, rove } from './dom.js';
import { on } from './changes.js';
import { request } from './connection.js';
import { labelled, openDialog, ticked } from './dialogs.js';
import { state } from './state.js';
import { t } from './texts.js';
import { toast } from './toasts.js';
import { testOf } from './trial.js';
import { agentYaml } from './yaml.js';

const kinds = [['echo', 'agentEcho'], ['command', 'agentCommand'], ['openai', 'agentOpenai']];

function field(tag, name, value, more = {}) {
    const control = el(tag, { name, autocomplete: 'off', spellcheck: 'false',
                              data: { testid: `agent-${name}` }, ...more });
    control.value = value;
    return control;
}

function tick(name, label, value, isTicked, hint = null) {
    return ticked(label, el('input', { type: 'checkbox', name, value, checked: isTicked,
                                       data: { testid: `agent-${name}` } }), hint);
}

// Rebuilt for each kind; what was typed for another one is kept in `draft`.
function fieldsOf(draft) {
    const number = { type: 'number', min: '0', max: '86400', step: '1', required: true };
    const common = el(
        'div', { class: 'field-row' },
        labelled(t('agentNotice'), field('input', 'notice_after_s', draft.notice_after_s, number)),
        labelled(t('agentTimeout'),
                 field('input', 'timeout_s', draft.timeout_s, { ...number, min: '1' })));
    if (draft.kind === 'command') {
        const command = field('textarea', 'command', draft.command.join('\n'), {
            rows: '3', required: true, placeholder: 'python3\nagent.py',
        });
        return [
            labelled(t('agentCommandLine'), command),
            tick('output', t('agentOutput'), 'json', draft.output === 'json', t('agentOutputHint')),
            common,
        ];
    }
    if (draft.kind === 'openai') {
        return [
            labelled(t('agentBaseUrl'), field('input', 'base_url', draft.base_url, {
                type: 'url', required: true, placeholder: 'http://127.0.0.1:8642/v1',
            })),
            el('div', { class: 'field-row' },
               labelled(t('agentModel'), field('input', 'model', draft.model, {
                   required: true, placeholder: 'gpt-4o-mini',
               })),
               labelled(t('agentKeyEnv'), field('input', 'api_key_env', draft.api_key_env, {
                   placeholder: 'OPENAI_API_KEY', pattern: '[A-Za-z_][A-Za-z0-9_]*',
               }))),
            el('p', { class: 'quiet' }, t('agentKeyEnvHint')),
            labelled(t('agentPrompt'), field('textarea', 'system_prompt', draft.system_prompt, {
                rows: '2',
            })),
            tick('vision', t('agentVision'), 'true', draft.vision),
            common,
        ];
    }
    return [];
}

function draftOf(agent) {
    return {
        kind: agent.kind,
        command: agent.command ?? [],
        output: agent.output ?? 'text',
        base_url: agent.base_url ?? '',
        model: agent.model ?? '',
        api_key_env: agent.api_key_env ?? '',
        api_key_file: agent.api_key_file ?? '',  // shown in the YAML alone
        system_prompt: agent.system_prompt ?? '',
        vision: agent.vision ?? false,
        notice_after_s: agent.notice_after_s ?? 20,
        timeout_s: agent.timeout_s || 2700,
    };
}

function takeField(draft, { name, value, checked }) {
    if (name === 'command') {
        draft.command = value.split('\n').map((word) => word.trim()).filter(Boolean);
    } else if (name === 'output') {
        draft.output = checked ? 'json' : 'text';
    } else if (name === 'vision') {
        draft.vision = checked;
    } else if (name.endsWith('_s')) {
        draft[name] = Math.max(0, Math.floor(Number(value) || 0));
    } else {
        draft[name] = value.trim();
    }
}

function kindButton([kind, label], choose) {
    return el('button',
              { type: 'button', class: 'kind', role: 'radio', on: { click: () => choose(kind) },
                data: { testid: `kind-${kind}`, kind } },
              el('strong', {}, t(label),
                 kind === state.agent.kind
                     ? el('span', { class: 'badge-now' }, t('agentNow')) : null),
              el('span', {}, t(`${label}Text`)));
}

// One that can't be expected to answer is refused; who presses again, without a change, insists.
async function use(draft, close, complaint, button) {
    const asked = JSON.stringify(draft);
    const anyway = button.dataset.refused === asked;
    button.disabled = true;
    try {
        await request('agent', { ...draft, anyway });
        close();
        toast(t('agentApplied'));
    } catch (problem) {
        complaint.hidden = false;
        complaint.textContent = problem.message || t('failedToDo');
        button.textContent = t('agentUseAnyway');
        button.dataset.refused = asked;
        button.disabled = false;
    }
}

function forgetRefusal(complaint, button) {
    complaint.hidden = true;
    button.textContent = t('agentUse');
    delete button.dataset.refused;
}

function fill(close) {
    const draft = draftOf(state.agent);
    const { editable, config_file: file } = state.agent;
    const yaml = el('pre', { class: 'yaml', tabindex: '0', data: { testid: 'agent-yaml' } });
    const place = el('div', { class: 'agent-fields' });
    const complaint = el('p', { class: 'complaint', role: 'alert', hidden: true });
    const submit = el('button', { type: 'submit', class: 'primary', disabled: !editable,
                                  'aria-describedby': 'agent-use-hint',
                                  data: { testid: 'agent-use' } }, t('agentUse'));
    const [test, trial] = testOf(() => (form.reportValidity() ? draft : null));
    const showYaml = () => { yaml.textContent = agentYaml(draft); };
    const choose = (kind) => {
        draft.kind = kind;
        place.replaceChildren(...fieldsOf(draft));
        choice.querySelectorAll('.kind').forEach((button) => {
            const isChosen = button.dataset.kind === kind;
            button.setAttribute('aria-checked', String(isChosen));
            button.tabIndex = isChosen ? 0 : -1;
        });
        forgetRefusal(complaint, submit);
        trial.replaceChildren();  // which ends one that is under way
        trial.hidden = true;
        showYaml();
    };
    const choice = el('div', { class: 'kinds', role: 'radiogroup', 'aria-label': t('agentKind') },
                      kinds.map((kind) => kindButton(kind, choose)));
    rove(choice, '.kind', { horizontal: true, onMove: (item) => item.click() });
    const form = el(
        'form',
        {
            on: {
                input: (event) => {
                    takeField(draft, event.target);
                    forgetRefusal(complaint, submit);
                    showYaml();
                },
                submit: (event) => {
                    event.preventDefault();
                    use(draft, close, complaint, submit);
                },
            },
        },
        el('p', {}, t('agentText')), choice, place,
        el('div', { class: 'yaml-head' },
           el('span', { title: file }, t('agentYaml', { file: file || 'config.yaml' })),
           copyButton(() => yaml.textContent, yaml)),
        yaml, trial, complaint,
        el('footer', {},
           el('p', { class: 'quiet', id: 'agent-use-hint' },
              t(editable ? 'agentUseHint' : 'agentNotEditable')),
           test, submit));
    choose(draft.kind);
    return form;
}

export function startAgent() {
    byId('connect-agent').addEventListener('click', () => {
        openDialog('agent', t('connectAgent'), fill);
    });
    on('snapshot agent', () => {
        byId('connect-agent').disabled = !state.hasSnapshot;
    });
}
