"""A Messages API on loopback, for the real `anthropic` SDK: it streams what a test gives it, and fails as told.

No model is in here. What it is asked and what it answers is validated by the SDK's own types, which are made from the
published interface. It takes a key as `x-api-key` and as a bearer token, and refuses a request that has neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from fakes.forge_server import Answer, Asked, ForgeServer

KEY = "sk-ant-for-tests-only"
BUSY = Answer(529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
              {"retry-after-ms": "1"})  # fmt: skip
TOO_MANY = Answer(429, {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}},
                  {"retry-after-ms": "1"})  # fmt: skip


class Claude(ForgeServer):
    """Answers every request with `text`, in pieces; `answers` from what it is asked, where a test wants that."""

    def __init__(self, text: str = "", answers: Callable[[str], str] | None = None) -> None:
        self.text = text
        self.answers = answers
        self.stop_reason: str | None = "end_turn"
        self.pieces = 7
        super().__init__()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a command asks this one."""
        return {"ANTHROPIC_BASE_URL": self.url, "ANTHROPIC_API_KEY": KEY, "NO_PROXY": "127.0.0.1,localhost"}

    def bodies(self) -> list[dict[str, Any]]:
        """What it was asked, in turn."""
        return [json.loads(request.body) for request in self.asked("/v1/messages")]

    def respond(self, request: Asked) -> Answer:
        sent = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path != "/v1/messages" or request.method != "POST":
            return super().respond(request)
        if sent != KEY:
            return Answer(401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid key"}})
        asked = json.loads(request.body)
        published()[1].validate_python(asked)
        text = self.answers(asked["messages"][0]["content"]) if self.answers else self.text
        return Answer(200, stream(text, asked["model"], self.pieces, self.stop_reason), {"Content-Type": SSE})


SSE = "text/event-stream; charset=utf-8"


@cache
def published() -> tuple[Any, Any]:
    """What an event and a request must be; loading them takes seconds, so only tests that ask do."""
    from anthropic.types import RawMessageStreamEvent
    from anthropic.types.message_create_params import MessageCreateParamsStreaming
    from pydantic import TypeAdapter

    return TypeAdapter(RawMessageStreamEvent), TypeAdapter(MessageCreateParamsStreaming)


def stream(text: str, model: str, pieces: int = 7, stop_reason: str | None = "end_turn") -> bytes:
    """The events of one answer, as the service sends them; without its end where `stop_reason` is None."""
    size = max(1, -(-len(text) // pieces))
    usage = {"input_tokens": 100, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": usage}  # fmt: skip
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "", "citations": None}},
    ]
    for start in range(0, len(text), size):
        delta = {"type": "text_delta", "text": text[start : start + size]}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    if stop_reason is not None:
        last = {"stop_reason": stop_reason, "stop_sequence": None}
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": last, "usage": {"output_tokens": 42}},
            {"type": "message_stop"},
        ]
    for event in events:
        published()[0].validate_python(event)
    return sent(events)


def sent(events: Iterable[dict[str, Any]]) -> bytes:
    """Events as they go over the wire."""
    return b"".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n".encode() for it in events)
