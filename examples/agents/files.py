#!/usr/bin/env python3
"""An agent of kind `command` that looks at what members send.

    agent: {kind: command, command: [python3, files.py]}

Each attachment has the `path` of its file, which is there until the message has been answered, or a
`problem`: the sentence why there is none. The name that the member gave a file is told, and is never
a path to open.
"""

import json
import pathlib
import sys


def about(attachment: dict, text: str) -> str:
    if attachment.get("problem"):
        return f"I did not get it: {attachment['problem']}"
    content = pathlib.Path(attachment["path"]).read_bytes()
    match attachment["kind"]:
        case "image":
            return f"A picture: {attachment['mime_type']}, {len(content)} bytes."
        case "voice":
            return f"You said: {text}"  # with transcribe_command, docs/files.md
        case "video":
            return f"A video of {len(content)} bytes."
    first = content.decode(errors="replace").split("\n", 1)[0]
    return f"{attachment['file_name']} begins with: {first}"


def main() -> None:
    message = json.load(sys.stdin)
    answers = [about(attachment, message["text"]) for attachment in message["attachments"]]
    print("\n".join(answers) or "Send me a picture, a voice message or a file.")


if __name__ == "__main__":
    main()
