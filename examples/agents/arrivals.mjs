// An agent of kind `command` in Node: what has a member sent, and what did we talk about?
//
//     agent: {kind: command, command: [node, arrivals.mjs]}
//
// It shows all that an agent is told: kinds other than text, attachments, the history.
import { readFileSync } from 'node:fs';

const request = JSON.parse(readFileSync(0, 'utf8'));

function describe({ kind, file_name: name, path, size }) {
    const what = name || kind;
    if (!path) {
        return `- ${what}: it did not arrive`;
    }
    return `- ${what}: ${size ?? '?'} bytes`;
}

function reply() {
    if (request.attachments.length > 0) {
        return ['I have got', ...request.attachments.map(describe)].join('\n');
    }
    if (request.kind !== 'text') {
        return `You have sent something of kind **${request.kind}**: ${request.text}`;
    }
    const asked = request.history.length;
    const before = asked === 0
        ? 'This is the first thing that you have said.'
        : `Before that you said "${request.history.at(-1).question}".`;
    return `${request.user_name}, you said "${request.text}". ${before}`;
}

// Markdown is welcome: the platform shows what it can show.
process.stdout.write(reply());
