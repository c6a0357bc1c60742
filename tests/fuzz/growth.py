"""Which readers take more time than in proportion, where one piece of text stands in a file again and again.

`make fuzz-growth`, or `ONLY=card-markdown` for one of them. The fuzzer makes small inputs, which tell nothing of that.
Each reader gets a seed of its own with a piece many times, and three times as many of it. What takes more than
LIMIT seconds of this process for that, and GROWTH times as long as before, is printed, and then it ends with 1. Twice
the time for a shared cache or a table that is made once is no growth; the third size settles it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress

sys.path.insert(0, __file__.rpartition("/")[0])

from targets import TARGETS, Target

SIZE = 20_000
LIMIT = 0.4
GROWTH = 5.0
MARKS = "([{<\"'`*_#>|-=~&!\\/:;,.@$%+?^"
PIECES = (
    "a|a |a¶|a. |é|中|¶| |1. a¶|- a¶|  - a¶|> a¶|# A¶|## B¶# A¶|a¶===¶|a¶---¶|**A** b¶|**A**: b¶¶|A: b¶¶|```¶|    a¶"
    "|[a](b)|[a]: b¶|[^1]: a¶|<p>¶|<b>|</b>|<h1>a</h1>¶|<!--|<!-- a -->|<td>a</td>|<details>|&amp;|&a |*a "
    "|## Limitations¶a¶|Limitations: a¶|TODO: a¶|TBD |not |see above. |accuracy 0.9 |90 % |2026-01-02 |a: b¶|- a: b¶"
    '|? a¶|a: {|a: [|a: &a b¶|"a": 1, |{"a": |import a¶|from a import (¶|import (¶|import a from "ai"¶|model: gpt-4o¶'
    '|model = "gpt-4o"¶|role: system¶|@a(¶|def f():¶|"""|/*|//|#{|<testsuite>|<failure>|Co-authored-by: A <a@b.c>¶'
)
"""what is repeated, parted by bars; a pilcrow is the end of a line"""
IN_CODE = (
    "llm: {",
    "ai:\n",
    '[llm]\nmodel = "a"\n',
    '"ai": {"a": 1, ',
    "[[[llm",
    " ai:\n  model: a\n",
    "def a():\n    return a()\nask(model=a())\n",
    "for it in it:\n    ask(model=it)\n",
    "def a(b=c):\n    return {1: b}.get(b)\nask(model=a(b=a()))\n",
    'def f():\n    it = "a-1"\n    create(model=it)\n',
    "model = f(g(h(",
    "model = match t { a => ",
    'model: "x" | ',
    'const model = env("A", String("b-1"));\n',
    "a.b().c().d(",
    'role: Role.System, content: String("x y"), ',
    'const it = "a-1";\nask({ model: it });\n',
    'function f() { model: it; it = "a-1"; }\n',
    "model: it = it = ",
    "it = { model: it[",
    'def a\n model: it, it = "a-1"\n',
    "`${",
    "a = 'x' + ",
    "<<A\n",
    "<<A\nA\n",
    "=/[",
    "(/a",
    "a:",
    "a.",
    "1 ",
    "password",
    "password: ",
    '.option("-m, --model <x>", "a", ',
    '@Value("${a:b}") String model, ',
    '#[arg(default_value = "a-1")]\n',
    'model: { default: "a-1", ',
    "<openai><a>b</a>",
    "openai.openai.",
    "openai_a_",
    'provider: "a/',
    "model {\n  version = 1\n",
)
"""what names a model over many lines, or looks as if it did, and what masking looks for"""


def seconds(target: Target, data: bytes) -> float:
    """What reading takes, whatever comes of it."""
    begin = time.process_time()
    with suppress(*target.refusals):
        target.read(data)
    return time.process_time() - begin


def growing(target: Target) -> Iterator[tuple[str, list[float]]]:
    """The pieces of which three times as many take much more than three times as long, with their seconds."""
    seed = sorted(target.seeds(), key=len)[0]
    pieces = (*MARKS, *(f"{mark} " for mark in MARKS), *PIECES.replace("¶", "\n").split("|"), "| a | b |\n", "a | b\n")
    pieces += IN_CODE
    for piece in dict.fromkeys(pieces):
        taken: list[float] = []
        for size in (SIZE, 3 * SIZE, 9 * SIZE):
            taken.append(seconds(target, seed + b"\n" + (piece * (size // len(piece))).encode()))
            if len(taken) > 1 and (taken[-1] < LIMIT or taken[-1] < GROWTH * taken[-2]):
                break
        else:
            yield piece, taken


def main() -> int:
    names = sys.argv[1:] or list(TARGETS)
    found = 0
    for name in names:
        print(name, flush=True)
        for piece, taken in growing(TARGETS[name]):
            found += 1
            print(f"    {piece!r}: {', '.join(f'{it:.2f}' for it in taken)} s", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
