#!/bin/sh
# An agent of kind `command` around a program that takes a question and prints an answer.
#
#     agent: {kind: command, command: [sh, ask.sh, bc, -q]}
#
# The program gets what was written on its standard input. What it prints is the answer; if it fails,
# the member is told politely, and its last line of stderr is in the gateway's log. Needs jq.
set -eu

request=$(cat)
text=$(printf '%s' "$request" | jq -r .text)

# A run that was interrupted comes again: say so where that matters.
if [ "$(printf '%s' "$request" | jq -r .redelivered)" = true ]; then
    echo "asked again, attempt $(printf '%s' "$request" | jq -r .attempt)" >&2
fi

printf '%s\n' "$text" | "$@"
