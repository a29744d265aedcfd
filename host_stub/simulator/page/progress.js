// What has become of a member's message so far, from its steps. Pure.

const repliedPhases = ['replying', 'stored', 'waits'];

// By the kind of a step: the phase that it leads to, seen from the phase before. An interim reply
// goes out while the agent works, and changes nothing.
const phaseAfter = {
    committed: (phase) => phase ?? 'queued',
    known_already: (phase) => phase ?? 'queued',
    handed_over: () => 'queued',
    agent_begun: () => 'agent',
    agent_answered: () => 'replying',
    agent_failed: () => 'replying',
    agent_silent: () => 'done',
    agent_stopped: () => 'done',
    reply_stored: () => 'stored',
    attempted: (phase) => (phase === 'waits' || phase === 'set_aside' ? 'stored' : phase),
    put_off: (phase) => (repliedPhases.includes(phase) ? 'waits' : phase),
    set_aside: () => 'set_aside',
    delivered: (phase) => (repliedPhases.includes(phase) ? 'done' : phase),
};

// {phase, since (ms), why, gateway}; phase null: nothing is known of it. A turn that begins anew, at
// whichever gateway, has begun then.
export function progressOf(steps) {
    const progress = { phase: null, since: 0, why: '', gateway: 0 };
    for (const step of steps) {
        const phase = phaseAfter[step.kind]?.(progress.phase) ?? progress.phase;
        if (phase !== progress.phase || ['put_off', 'agent_begun'].includes(step.kind)) {
            Object.assign(progress, { phase, since: step.at_ms, why: step.summary,
                                      gateway: step.gateway });
        }
    }
    return progress;
}

export const isOpen = ({ phase }) => phase !== null && phase !== 'done';
