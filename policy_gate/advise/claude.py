"""Claude, asked through the `anthropic` SDK: one answer, streamed, bounded in words and time.

Only this module knows the SDK, and loads it when something is asked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from policy_gate.advise.prompt import Prompt
from policy_gate.errors import PolicyGateError

DEFAULT_MODEL: Final = "claude-opus-4-6"
MOST_TOKENS: Final = 8_000
"""of an answer"""
SECONDS_IN_ALL: Final = 300.0
SECONDS_OF_SILENCE: Final = 60.0
KEYS: Final = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
"""variables either of which lets a model be asked"""


class NoAnswerError(PolicyGateError):
    """The model gave no answer that could be used; the message says why in one line."""


class Answer(Struct, frozen=True):
    """What came back: its text, the model that says it wrote it, tokens in and out, and whether it was cut short."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    is_cut: bool


def has_key(environment: Mapping[str, str]) -> bool:
    """Whether a model can be asked at all."""
    return any(environment.get(name, "").strip() for name in KEYS)


def ask(prompt: Prompt, model: str, progress: Callable[[int], None]) -> Answer:
    """The answer to a prompt; `progress` is told after each piece how many characters have come.

    The SDK tries again by itself where the service is busy or fails. NoAnswerError where there is no key, where it
    fails for good, breaks off, takes longer than SECONDS_IN_ALL, or says nothing.
    """
    if not has_key(os.environ):
        raise NoAnswerError(f"{KEYS[0]} is not set", hint="set it, or leave --with-model away")
    try:
        return _asked(prompt, model, progress)
    except NoAnswerError:
        raise
    except Exception as error:
        raise NoAnswerError(f"{model} gave no answer: {_why(error)}") from error


def _asked(prompt: Prompt, model: str, progress: Callable[[int], None]) -> Answer:
    import anthropic  # noqa: PLC0415 - a second of start-up

    until = time.monotonic() + SECONDS_IN_ALL
    pieces: list[str] = []
    come = 0
    with (
        anthropic.Anthropic(timeout=SECONDS_OF_SILENCE) as client,
        client.messages.stream(
            model=model,
            max_tokens=MOST_TOKENS,
            system=prompt.rules,
            messages=[{"role": "user", "content": prompt.request}],
        ) as stream,
    ):
        for piece in stream.text_stream:
            pieces.append(piece)
            come += len(piece)
            progress(come)
            if time.monotonic() > until:
                raise NoAnswerError(f"{model} took longer than {SECONDS_IN_ALL:.0f} seconds")
        last = stream.get_final_message()
    text = "".join(pieces)
    if last.stop_reason is None or not text.strip():
        raise NoAnswerError(f"{model} gave no answer: what came back ends before it is finished")
    if last.stop_reason == "refusal":
        raise NoAnswerError(f"{model} declined to answer")
    return Answer(text, last.model, last.usage.input_tokens, last.usage.output_tokens, last.stop_reason == "max_tokens")


def _why(error: BaseException) -> str:
    """What failed, on one line and without what was sent."""
    status = getattr(error, "status_code", None)
    said = " ".join(str(error).split())
    return f"HTTP {status}" if isinstance(status, int) else (said[:160] or type(error).__name__)
