"""The real SDK against a Messages API on loopback: what is sent, and every way in which no answer comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from fakes.claude import BUSY, SSE, TOO_MANY, Claude, sent, stream
from fakes.forge_server import Answer, Asked

from policy_gate.advise import claude
from policy_gate.advise.claude import NoAnswerError, ask
from policy_gate.advise.prompt import Prompt

PROMPT = Prompt("the rules", "the request", {})


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Claude]:
    with Claude("Zwei Wörter: äöü") as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        yield fake


def refused(model: str = "claude-x") -> str:
    with pytest.raises(NoAnswerError) as raised:
        ask(PROMPT, model, lambda _: None)
    return raised.value.message


def test_an_answer_comes_in_pieces_and_says_what_it_took(service: Claude) -> None:
    seen: list[int] = []
    answer = ask(PROMPT, "claude-x", seen.append)
    assert (answer.text, answer.model, answer.tokens_out, answer.is_cut) == (service.text, "claude-x", 42, False)
    assert seen[-1] == len(service.text)
    assert len(seen) > 1
    (body,) = service.bodies()
    assert body["system"] == "the rules"
    assert body["messages"] == [{"role": "user", "content": "the request"}]
    assert body["max_tokens"] == claude.MOST_TOKENS
    assert "tools" not in body


@pytest.mark.parametrize("failures", [[BUSY], [TOO_MANY], [BUSY, TOO_MANY]], ids=["529", "429", "both"])
def test_a_busy_service_is_asked_again(service: Claude, failures: list[Answer]) -> None:
    for failure in failures:
        service.fail("/v1/messages", failure, 1)
    assert ask(PROMPT, "claude-x", lambda _: None).text == service.text
    assert len(service.bodies()) == 1 + len(failures)


def test_a_service_that_stays_busy_is_not_asked_for_ever(service: Claude) -> None:
    service.fail("/v1/messages", BUSY)
    assert refused() == "claude-x gave no answer: HTTP 529"
    assert len(service.bodies()) <= 5


def test_a_key_that_is_refused(service: Claude, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another")
    assert refused() == "claude-x gave no answer: HTTP 401"


@pytest.mark.parametrize("key", ["", "  "])
def test_without_a_key_nothing_is_asked(service: Claude, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)
    assert refused() == "ANTHROPIC_API_KEY is not set"
    assert service.requests == []


def test_an_answer_that_reached_its_bound_is_taken_and_marked(service: Claude) -> None:
    service.stop_reason = "max_tokens"
    assert ask(PROMPT, "claude-x", lambda _: None).is_cut


def test_a_model_that_declines(service: Claude) -> None:
    service.stop_reason = "refusal"
    assert refused() == "claude-x declined to answer"


OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
NO_ANSWERS: dict[str, Callable[[], bytes]] = {
    "ends in mid-stream": lambda: stream("half of", "m", stop_reason=None),
    "says nothing": lambda: stream("", "m"),
    "empty": lambda: b"",
    "no JSON": lambda: b"event: message_start\ndata: {not json\n\n",
    "a page": lambda: b"<html>a proxy's page</html>",
    "an end alone": lambda: sent([{"type": "message_stop"}]),
    "an error": lambda: sent([OVERLOADED]),
}


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_answer_is_said_in_one_line(service: Claude, body: str) -> None:
    service.fail("/v1/messages", Answer(200, NO_ANSWERS[body](), {"Content-Type": SSE}))
    said = refused()
    assert said.startswith("claude-x gave no answer: ")
    assert "\n" not in said
    assert len(said) < 250


def test_an_answer_that_is_cut_off_on_the_way(service: Claude) -> None:
    whole = stream("one two three four five", "m")
    service.fail("/v1/messages", Answer(200, whole, {"Content-Type": SSE}, cut=len(whole) // 2))
    assert refused().startswith("claude-x gave no answer: ")


def test_silence_ends(service: Claude, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claude, "SECONDS_OF_SILENCE", 0.05)
    respond = service.respond

    def slow(request: Asked) -> Answer:
        time.sleep(0.3)
        return respond(request)

    monkeypatch.setattr(service, "respond", slow)
    assert refused().startswith("claude-x gave no answer: ")


def test_an_answer_that_never_ends_is_left(service: Claude, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claude, "SECONDS_IN_ALL", -1.0)
    assert refused() == "claude-x took longer than -1 seconds"


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch, service: Claude) -> None:
    service.close()
    monkeypatch.setattr(service, "close", lambda: None)
    assert refused().startswith("claude-x gave no answer: ")
