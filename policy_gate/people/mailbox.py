"""Whether two addresses reach one person: what bars somebody from agreeing with themselves, and gives nobody a role.

Providers deliver `rae+work@` to `rae@`, Google mail does not read dots, and a forge writes an account's private address
with its number or without. Letters of other alphabets that are drawn like ours are read as ours: who mixes them means
to be taken for somebody, or for nobody. Nothing else is guessed: what stands before the `@` is the provider's own
affair.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

NOREPLY: Final = lazy_pattern(
    r"(?:(?P<id>[0-9]+)[+-])?(?P<login>[^@+]+)@users\.noreply\.(?P<host>[^@\s]+)\Z", re.IGNORECASE
)
_WITHOUT_DOTS: Final = ("gmail.com", "googlemail.com")

_ALIKE: Final = str.maketrans(
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u0501\u051b\u051d\u04bb\u04cf\u043a\u043c\u0442"
    "\u03b1\u03b9\u03bf\u03c1\u03c5\u03bd\u03ba\u03f2\u03c7\u0131\u0261\u0269\u0578\u057d\u0585\u0570",
    "aceijopsxydqwhlkmtaiopuvkcxiginuoh",
)
"""small letters of Cyrillic, Greek, Latin and Armenian that are drawn like ours, and ours"""


def is_one_mailbox(one: str, other: str) -> bool:
    """Whether two addresses differ only in what their provider leaves out of account; an empty one is nobody's."""
    if not one or not other:
        return False
    mine, theirs = NOREPLY.match(one), NOREPLY.match(other)
    if mine and theirs and mine["id"] and mine["id"] == theirs["id"] and mine["host"] == theirs["host"]:
        return True
    return mailbox(one) == mailbox(other)


@lru_cache(maxsize=4096)
def mailbox(address: str) -> str:
    """An address without what is not part of the mailbox: case, width, unseen letters, what follows a plus."""
    seen = "".join(it for it in unicodedata.normalize("NFKC", address) if unicodedata.category(it) != "Cf")
    folded = "".join(seen.casefold().split()).translate(_ALIKE)
    if found := NOREPLY.match(folded):
        return f"{found['login']}@users.noreply.{found['host']}"
    local, _, domain = folded.rpartition("@")
    domain = domain.rstrip(".")
    # An address may begin with a plus; then nothing stands before it.
    local = local[:1] + local[1:].partition("+")[0]
    if domain in _WITHOUT_DOTS:
        local, domain = local.replace(".", ""), _WITHOUT_DOTS[0]
    return f"{local}@{domain}"
