"""Markdown as GitHub renders it, with GitHub's own parser (cmark-gfm), and what a page then holds.

The parser stands among the parts (see `parts.py`), so it runs in their Python and not in ours. Raw HTML is kept, so
that a tag which came from a repository is seen. Mentions and references GitHub makes of the text afterwards;
`Page.references` finds what it would make them of.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from parts import PARTS

_RENDER = """
import json, sys
from cmarkgfm import github_flavored_markdown_to_html as render
from cmarkgfm.cmark import Options
json.dump([render(text, Options.CMARK_OPT_UNSAFE) for text in json.load(sys.stdin)], sys.stdout)
"""
_REFERENCE = re.compile(r"(?<![\w`])@[A-Za-z0-9][\w/-]*|(?<!\w)#\d+|\bGH-\d+|\b[\w.-]+/[\w.-]+#\d+", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input"})


class Page(HTMLParser):
    """What rendered Markdown holds: its tags by number, where links and images lead, its text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.tags: Counter[str] = Counter()
        self.unclosed: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.comments: list[str] = []
        self._texts: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(self._texts)

    @property
    def references(self) -> list[str]:
        """What GitHub would turn into a mention, or a link to an issue."""
        return _REFERENCE.findall(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "srcset", "action")]
        if tag not in _VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unclosed[-1:] == [tag]:
            self.unclosed.pop()
        else:
            self.unclosed.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_data(self, data: str) -> None:
        if "code" not in self.unclosed and data.strip():
            self._texts.append(data)


def pages_of(texts: Sequence[str]) -> list[Page]:
    """Each text as a page; skips the test where the parser is not installed."""
    python = PARTS / "bin" / "python"
    if not python.exists():
        pytest.skip("cmarkgfm is not installed here; .ci/run installs it")
    done = subprocess.run(
        [str(python), "-I", "-c", _RENDER], input=json.dumps(texts).encode(), capture_output=True, check=False
    )
    if b"No module named 'cmarkgfm'" in done.stderr:
        pytest.skip("cmarkgfm is not installed here; .ci/run installs it")
    assert done.returncode == 0, done.stderr.decode()
    return [Page(html) for html in json.loads(done.stdout)]
