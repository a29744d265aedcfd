#!/usr/bin/env python3
"""An agent of kind `command` that remembers: it keeps a member's notes.

    agent: {kind: command, command: [python3, notes.py]}

"note: call Li at three" keeps a note, "notes" lists them, anything else is explained. What it keeps
lies in `notes`, where systemd gives the gateway room for its state or else where it was started, under
the session's name, so that /new begins with an empty page, and each change happens once,
also if the gateway died in the middle of the turn and the message came again.
"""

import json
import os
import pathlib
import sys


def answer(text: str, notes: list[dict], event: str) -> str:
    if text.startswith("note:"):
        note = text.removeprefix("note:").strip()
        if not note:
            return "What shall I note?"
        if not any(kept["event"] == event for kept in notes):  # it may come again after a crash
            notes.append({"event": event, "text": note})
        return f"Noted. You have {len(notes)} now."
    if text == "notes":
        lines = [f"{number}. {kept['text']}" for number, kept in enumerate(notes, 1)]
        return "\n".join(lines) or "There are none yet."
    return "Write `note: ...` to keep something, and `notes` to see it."


def main() -> None:
    request = json.load(sys.stdin)
    folder = pathlib.Path(os.environ.get("STATE_DIRECTORY", "."), "notes")
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{request['session_id']}.json"
    notes = json.loads(file.read_text()) if file.exists() else []
    reply = answer(request["text"].strip(), notes, request["event_id"])
    whole = file.with_suffix(".new")
    whole.write_text(json.dumps(notes, ensure_ascii=False))
    whole.replace(file)  # a crash leaves the old list or the new one, and nothing between
    print(reply)


if __name__ == "__main__":
    try:
        main()
    except OSError as problem:
        # The last line on stderr goes into the gateway's log; the member reads a polite one.
        sys.exit(f"the notes cannot be kept: {problem}")
