"""On which line of a notebook a line of a cell stands, where cells say the same."""

from __future__ import annotations

import json

from policy_gate.discover.notebooks import CellLines, cells_of

CELLS = ("import openai\nx = 1\n", "y = 2\n", "import openai\nx = 1\nz = 3\n")


def test_cells_that_say_the_same_stand_on_lines_of_their_own() -> None:
    cells = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in CELLS]
    text = json.dumps({"cells": cells}, indent=1)
    codes = cells_of(text)
    assert codes == list(CELLS)
    places, written, found = CellLines(text), text.split("\n"), []
    for code in codes:
        places.begin_cell()
        lines = code.split("\n")
        asked = [number for number, line in enumerate(lines, 1) if line]
        found += [(lines[number - 1], places.of(lines, number)) for number in reversed(asked)]
    assert all(json.dumps(line)[1:-1] in written[at - 1] for line, at in found)
    assert len({at for _, at in found}) == len(found)


def test_a_line_that_cannot_be_found_stands_on_the_first() -> None:
    assert CellLines('{"cells": []}\n').of(["x = 1"], 1) == 1
    assert CellLines('{"cells": []}\n').of(["x = 1"], 5) == 1
