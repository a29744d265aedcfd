#!/usr/bin/env python3
"""An agent of kind `command` that asks before it acts, and sends a file.

    agent:
      kind: command
      output: json
      command: [python3, leave.py]

"leave 2026-12-01" is answered with a question. Its choices are buttons, or numbered lines where the
platform has none; which of them was taken comes back as a message of kind `choice`. Nothing is kept
in between: the question's id says what it was about. What follows is a file for the calendar.
"""

import datetime
import json
import os
import pathlib
import sys


def say(**words) -> None:
    print(json.dumps(words, ensure_ascii=False), flush=True)  # words ahead are not to wait


def ask(day: datetime.date, event: str) -> None:
    say(type="interim", text="Let me see who else is away ...")
    say(
        type="reply",
        text=f"Nobody else is away on {day:%d %B %Y}.",
        choices={
            "id": f"{day} {event}",
            "title": "Take the day off?",
            "options": [{"id": "yes", "label": "Take it"}, {"id": "no", "label": "Do not"}],
        },
    )


def act(question: str, choice: str) -> None:
    day = datetime.date.fromisoformat(question.split()[0])
    if choice != "yes":
        say(type="reply", text="Then you are expected.")
        return
    file = pathlib.Path(os.environ["HERMES_FILES"]) / "leave.ics"  # removed with its folder
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:leave.py\r\nBEGIN:VEVENT\r\n"
        f"UID:leave-{day}\r\nDTSTAMP:{day:%Y%m%d}T000000Z\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\n"
        "SUMMARY:Leave\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        newline="",
    )
    say(
        type="reply",
        text="Enjoy your day.",
        attachments=[{"path": str(file), "name": f"leave {day}.ics"}],
    )


def main() -> None:
    message = json.load(sys.stdin)
    if message["kind"] == "choice":
        act(**message["choice"])
        return
    try:
        ask(datetime.date.fromisoformat(message["text"].removeprefix("leave").strip()),
            message["event_id"])
    except ValueError:
        say(type="reply", text="Write `leave` and a day, as in `leave 2026-12-01`.")


if __name__ == "__main__":
    main()
