"""What is taken out of a text before it goes to a language model: personal data and secrets that have a form.

Known by their form are e-mail addresses, telephone and bank numbers, network addresses, keys and tokens, and what
stands behind words such as `password:`. The names of people are known where a document of the repository names them
as such. Names in running text, postal addresses and what only a reader would understand are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from re import DOTALL, IGNORECASE, Match, escape
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

CANNOT: Final = "names in running text, postal addresses, and what only a reader would understand"
"""what no form gives away"""
_KINDS: Final = (
    ("key", lazy_pattern(r"-----BEGIN [A-Z0-9 ]*-----.*?(?:-----END [A-Z0-9 ]*-----|\Z)", DOTALL)),
    ("key", lazy_pattern(r"\bssh-(?:ed25519|rsa|dss)\s+[A-Za-z0-9+/=]{20,}|\becdsa-sha2-\S+\s+[A-Za-z0-9+/=]{20,}")),
    (
        "secret",
        lazy_pattern(
            r"\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{16,}|\bgh[oprsu]_\w{20,}|\bgithub_pat_\w{20,}"
            r"|\bgl[a-z]{2,5}-[\w-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bxox[a-z]-[\w-]{10,}|\bAIza[\w-]{30,}"
            r"|\bhf_\w{20,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bnpm_\w{20,}|\bpypi-[\w-]{20,}"
            r"|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bya29\.[\w-]{20,}|\b(?:gsk|whsec|r8|dop_v1|lin_api)_\w{20,}"
            r"|(?<=\bhooks\.slack\.com/services/)[\w/-]{10,}"
        ),
    ),
    ("secret", lazy_pattern(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")),
    ("secret", lazy_pattern(r"(\b(?:bearer|basic)\s+)(?=[^\s\d]*\d)[\w.~+/=-]{16,}", IGNORECASE)),
    ("secret", lazy_pattern(r"([?&](?:sig|signature|code|key|x-amz-signature)=)[^\s&\"']{8,}", IGNORECASE)),
    (
        "secret",
        lazy_pattern(
            r"(?:(?<![a-z])|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
            r"((?:pass(?:word|wd|phrase)?|passwort|kennwort|secret|credential|(?:api|access|account|private)[ _-]?key"
            r"""|token(?!s["']?\s*[:=]\s*["']?[\d.,_]+(?![\w-])))s?"""
            r"""["']?\s*(?:[:=]|\bis\b)\s*["']?)(?!\[)[^\s"',;]{6,}""",
            IGNORECASE,
        ),
    ),
    ("e-mail address", lazy_pattern(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bank number", lazy_pattern(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("card or identity number", lazy_pattern(r"\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,18}\d\b")),
    ("telephone number", lazy_pattern(r"(?<![\w.])(?:\+|00)\d[\d ()/.-]{7,18}\d\b|\(\d{3}\) ?\d{3}-\d{4}\b")),
    ("network address", lazy_pattern(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")),
    ("network address", lazy_pattern(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])", IGNORECASE)),
    (
        "network address",
        lazy_pattern(r"(?<![\w:])(?:fe80:|(?:[0-9a-f]{1,4}:){2,6})(?::[0-9a-f]{1,4}){1,6}(?![\w:])", IGNORECASE),
    ),
)
"""each kind with its form, the longest first; a group in front is a word that stays"""


class Mask:
    """Puts `[kind N]` in the place of what is personal or secret; one value has one number in all texts it is put on.

    `people` are the names of people that documents of the repository give; any case is found.
    """

    def __init__(self, people: Collection[str] = ()) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        names = sorted({name.strip() for name in people if len(name.strip()) > 2}, key=len, reverse=True)
        of_people = rf"(?<!\w)(?:{'|'.join(map(escape, names))})(?!\w)"
        self._kinds = (*_KINDS, *([("person", lazy_pattern(of_people, IGNORECASE))] if names else []))

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many different values of each kind were hidden until now."""
        return dict(self._numbers)

    def hide(self, text: str) -> str:
        """The text without them. It has to be whole: half a value has no form."""
        for kind, form in self._kinds:
            text = form.sub(lambda found, kind=kind: self._hidden(kind, found), text)  # type: ignore[misc]
        return text

    def _hidden(self, kind: str, found: Match[str]) -> str:
        stays = (found[1] or "") if found.re.groups else ""
        value = kind, found[0][len(stays) :].casefold()
        if value not in self._known:
            self._numbers[kind] += 1
            self._known[value] = f"[{kind} {self._numbers[kind]}]"
        return stays + self._known[value]
