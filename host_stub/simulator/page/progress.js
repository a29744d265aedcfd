// What has become of a member's message so far, from its steps. Pure.

export const turnEnds = ['agent_answered', 'agent_silent', 'agent_failed', 'agent_stopped',
                         'agent_interrupted'];

const repliedPhases = ['replying', 'stored', 'waits'];

// By the kind of a step: the phase that it leads to, seen from the phase before. That the member sees
// something is no end: it may be an interim reply, or one part of several.
const phaseAfter = {
    committed: (phase) => phase ?? 'queued',
    known_already: (phase) => phase ?? 'queued',
    handed_over: () => 'queued',
    agent_begun: () => 'agent',
    agent_answered: () => 'replying',
    agent_failed: () => 'replying',
    agent_silent: () => 'done',
    agent_stopped: () => 'done',
    agent_interrupted: () => 'queued',
    gateway_ended: (phase) => (phase === 'agent' ? 'queued' : phase),
    reply_stored: () => 'stored',
    attempted: (phase) => (phase === 'waits' || phase === 'set_aside' ? 'stored' : phase),
    put_off: (phase) => (repliedPhases.includes(phase) ? 'waits' : phase),
    set_aside: () => 'set_aside',
    // Also of what the gateway answers by itself, of which it says no more before.
    accepted: (phase) => (phase === 'queued' || repliedPhases.includes(phase) ? 'done' : phase),
};

// {phase, since (ms), why, gateway}; phase null: nothing is known of it. A turn that begins anew, at
// whichever gateway, has begun then, and what becomes of an earlier one elsewhere changes nothing.
export function progressOf(steps) {
    const progress = { phase: null, since: 0, why: '', gateway: 0 };
    let turn = null;  // the gateway at which the agent was begun last
    for (const step of steps) {
        if (step.kind === 'agent_begun') {
            turn = step.gateway;
        } else if (turn !== null && turn !== step.gateway &&
                   [...turnEnds, 'gateway_ended'].includes(step.kind)) {
            continue;
        }
        const phase = phaseAfter[step.kind]?.(progress.phase) ?? progress.phase;
        if (phase !== progress.phase || ['put_off', 'agent_begun'].includes(step.kind)) {
            Object.assign(progress, { phase, since: step.at_ms, why: step.summary,
                                      gateway: step.gateway });
        }
    }
    return progress;
}

export const isOpen = ({ phase }) => phase !== null && phase !== 'done';
