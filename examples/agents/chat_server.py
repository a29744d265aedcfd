#!/usr/bin/env python3
"""An endpoint for agents of kind `openai`: the shape of a chat-completion server, without a model.

    python3 examples/agents/chat_server.py 8642

    agent: {kind: openai, base_url: http://127.0.0.1:8642/v1, model: parrot}

It answers with what it was asked, and says how much of the conversation it was given. Put your
model where `complete` is.
"""

import http.server
import json
import sys


def complete(messages: list[dict]) -> str:
    question = messages[-1]["content"]
    turns = sum(message["role"] == "user" for message in messages)
    return f"({turns}) You said: {question}"


class ChatHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        # `doctor` looks whether the endpoint is there.
        known = self.path == "/v1/models"
        self.answer(200 if known else 404, {"object": "list", "data": [{"id": "parrot"}]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/chat/completions":
            self.answer(404, {"error": {"message": f"there is no {self.path}"}})
            return
        reply = {"role": "assistant", "content": complete(json.loads(body)["messages"])}
        self.answer(200, {"choices": [{"index": 0, "message": reply, "finish_reason": "stop"}]})

    def answer(self, status: int, value: dict) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8642
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), ChatHandler) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}/v1", flush=True)
        server.serve_forever()
