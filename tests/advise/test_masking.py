"""What is taken out of a text before it goes to a language model."""

from __future__ import annotations

import pytest

from policy_gate.advise.masking import Mask


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ada.lovelace@example.org today", "e-mail address"),
        ("a.b+c_d@mail.example.co.uk", "e-mail address"),
        ("call +49 30 901820-11", "telephone number"),
        ("call 0049 (0)30 901820", "telephone number"),
        ("call (555) 555-0123", "telephone number"),
        ("IBAN DE89 3704 0044 0532 0130 00", "bank number"),
        ("card 4111 1111 1111 1111", "card or identity number"),
        ("her number is 078-05-1120", "card or identity number"),
        ("host 10.20.30.40 answers", "network address"),
        ("host 2001:db8:0:0:1:0:0:1 answers", "network address"),
        ("sk-ant-api03-abcdefghijklmnopqrstuv", "secret"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "secret"),
        ("glpat-abcdefghijklmnopqrst", "secret"),
        ("AKIAIOSFODNN7EXAMPLE", "secret"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "secret"),
        ("https://bot:hunter22@git.example.org/x", "secret"),
        ('{"api_key": "0123456789abcdef"}', "secret"),
        ("password = correct-horse", "secret"),
        ("the pass phrase is: no; passphrase: battery-staple", "secret"),
        ("dbPassword: hunter2222", "secret"),
        ("clientSecret=abcdefgh1234", "secret"),
        ("AccountKey=abcdefabcdef1234==;", "secret"),
        ("private_key: abcd1234efgh", "secret"),
        ("Passwort: geheim1234", "secret"),
        ("accessToken = a1b2c3d4e5f6", "secret"),
        ("Authorization: Bearer abcdef0123456789abcdef", "secret"),
        ("https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXXXXXX", "secret"),
        ("https://x.blob.core.windows.net/c?sv=1&sig=abcdEFGH1234%2B", "secret"),
        ("SG.aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbb", "secret"),
        ("gsk_abcdefghijklmnopqrstuvwxyz0123456789abcd", "secret"),
        ("redis://:s3cretpw@cache.example.org/0", "secret"),
        ("host 2001:db8::1 answers", "network address"),
        ("host fe80::1ff:fe23:4567:890a answers", "network address"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----", "key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nnever ends", "key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample", "key"),
    ],
)
def test_what_has_a_form_is_masked(text: str, kind: str) -> None:
    mask = Mask()
    assert f"[{kind} 1]" in mask.hide(text)
    assert mask.kinds == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy 0.912 on 12,345 applications, 95 % of 2026-10-01, version 1.2.3.",
        "eu-ai-act/art-14 asks for oversight; see governance/red-team.md:12.",
        "The token limit is 8000 and the password policy is written down.",
        "max_tokens: 128000, maxTokens: 128000, tokens = 1_000_000; std::string, a::b, 12:30:45.",
        "A basic understanding of statistics; the bearer of responsibilities; ?key=low, the compass: south-west.",
        "claude-opus-4-6 answers; 10.5 seconds; SYS-001; 3:4:5.",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    mask = Mask()
    assert mask.hide(text) == text
    assert mask.kinds == {}


def test_the_same_value_has_the_same_number() -> None:
    mask = Mask()
    found = mask.hide("a@example.org, b@example.org and A@example.org")
    assert found == "[e-mail address 1], [e-mail address 2] and [e-mail address 1]"
    assert mask.hide("b@example.org and c@example.org") == "[e-mail address 2] and [e-mail address 3]"
    assert mask.kinds == {"e-mail address": 3}


def test_people_are_masked_by_the_names_that_documents_give() -> None:
    mask = Mask({"Ada Example", "Bo", "  "})
    assert (
        mask.hide("Ada Example asked ADA EXAMPLE; Adam did not, nor did Bo.")
        == "[person 1] asked [person 1]; Adam did not, nor did Bo."
    )


@pytest.mark.parametrize("text", ["a" * 60_000, "1 " * 30_000, "a." * 30_000, "a:" * 30_000, "password" * 7_500])
def test_long_text_is_masked_to_its_end(text: str) -> None:
    assert Mask({"Ada Example"}).hide(f"{text} Ada Example").endswith("[person 1]")
