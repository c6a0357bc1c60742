"""How a report should look where it is going; decided by `cli`, which alone sees the terminal."""

from __future__ import annotations

from msgspec import Struct


class RenderOptions(Struct, frozen=True):
    """Width in columns, whether escape codes for colour may be used, and symbols beside words.

    `source_url` is where a forge shows the files of the result, without a final slash; with it the
    Markdown report links each place. `NO_COLOR`, pipes and `TERM=dumb` mean neither colour nor symbols.
    """

    width: int = 80
    colour: bool = False
    symbols: bool = False
    source_url: str = ""
