"""Setting the page: templates, the style sheet with its digest, and the rule that only sanitised text enters."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from policy_gate.report.sanitise import html


def printed(template: str = "page.html.j2", *, styles: tuple[str, ...] = ("style.css",), **parts: object) -> str:
    """A page from its parts. The browser may load nothing at all and apply these style sheets alone."""
    style = "".join(map(_file, styles))
    return str(_house().get_template(template).render(style=_trusted(style), digest=_digest(style), **parts))


@cache
def _house() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - slow, and few runs need it

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_entering,
        loader=FunctionLoader(lambda name: _file(f"templates/{name}")),
    )


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _digest(style: str) -> str:
    """What a content security policy calls this style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")


def _trusted(text: str) -> Any:
    """Text of our own that is markup, or style, already."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the templates

    return Markup(text)  # noqa: S704 - a file of this package


def _entering(value: Any) -> Any:
    """What every expression of a template passes: markup of our own templates stays, all else is text."""
    return value if hasattr(value, "__html__") else _trusted(html(str(value)))
