// The `agent` section of config.yaml, as its reader understands it.

const plainWord = /^[A-Za-z_./][\w./@:+-]*$/u;
const otherMeaning = /^(true|false|yes|no|on|off|null|~)$|:$/iu;

// JSON's strings are YAML's double-quoted ones.
function scalar(text) {
    return plainWord.test(text) && !otherMeaning.test(text) ? text : JSON.stringify(text);
}

function duration(seconds) {
    return seconds !== 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

const defaultTimeout = 45 * 60;
const defaultNotice = 20;

export function agentYaml(agent) {
    const lines = ['agent:', `  kind: ${agent.kind}`];
    if (agent.kind === 'command') {
        lines.push(`  command: [${agent.command.map((word) => JSON.stringify(word)).join(', ')}]`);
        if (agent.output !== 'text') {
            lines.push(`  output: ${agent.output}`);
        }
    }
    if (agent.kind === 'openai') {
        const key = agent.api_key_env ? 'api_key_env' : 'api_key_file';  // it has one place
        for (const name of ['base_url', 'model', key, 'system_prompt']) {
            if (agent[name]) {
                lines.push(`  ${name}: ${scalar(agent[name])}`);
            }
        }
        if (agent.vision) {
            lines.push('  vision: true');
        }
    }
    if (agent.notice_after_s !== defaultNotice) {
        lines.push(`  notice_after: ${duration(agent.notice_after_s)}`);
    }
    if (agent.timeout_s !== defaultTimeout) {
        lines.push(`  timeout: ${duration(agent.timeout_s)}`);
    }
    return `${lines.join('\n')}\n`;
}
