"""What looking for signs of AI costs: ten changed files of 200 lines in a process of their own, and whole trees.

    python tests/bench/discover_speed.py [FOLDER ...]

The aims are 20 ms for the ten files, loading included, and 2,000 files a second over the trees.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from policy_gate.discover.look import look_at
from policy_gate.discover.signs import SEAL_FILE, sealed_signs, shipped_signs

ROOT = Path(__file__).parents[2]
PYTHON = (
    "import openai\nclient = openai.OpenAI()\nMODEL = 'gpt-4o'\nSYSTEM = 'You are an assistant that ranks people.'\n",
    "def handle_{n}(rows, limit=10, name='plain'):\n    found = []\n    for row in rows:\n"
    "        if row['score'] > limit and row.get('kind', 'x') != name:\n"
    "            found.append({{'id': row['id'], 'text': f\"{{row['first']}} {{row['last']}}\"}})\n"
    "    log.info('ranked %s rows', len(found))\n    return sorted(found)\n\n\n",
)
SCRIPT = (
    'import OpenAI from "openai";\nconst client = new OpenAI();\nconst model = "gpt-4o-mini";\n',
    "export function handle{n}(rows: Row[], limit = 10) {{\n  // Rank the rows.\n  const found = [];\n"
    "  for (const row of rows) {{\n    if (row.score > limit) {{\n"
    '      found.push({{ id: row.id, text: `${{row.first}}`, kind: "applicant" }});\n    }}\n  }}\n'
    "  return found.sort();\n}}\n\n",
)
TIMED = """
import sys, time, json, pathlib, msgspec, re, ast, hashlib, dataclasses
import policy_gate.errors, policy_gate.documents.globs
# What a check has loaded whether it looks for signs or not, and as it runs.
import gc, policy_gate.schema.snapshot, policy_gate.vcs.tree
gc.disable()
begin = time.process_time()
from policy_gate.discover import signs
from policy_gate.discover.look import look_at
seal = pathlib.Path(sys.argv[2])
unsealed = signs._unsealed
signs._unsealed = lambda path, data: unsealed(seal, data)
known = signs.shipped_signs()
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    data = path.read_bytes()
    look_at(path.name, "0", lambda: len(data), lambda: data, known)
print((time.process_time() - begin) * 1000)
"""


def ten_files(folder: Path) -> None:
    """Five of Python and five of TypeScript, of 200 lines each, all with AI."""
    for number in range(5):
        for ending, (head, body) in (("py", PYTHON), ("ts", SCRIPT)):
            text = head + "".join(body.format(n=at) for at in range(20))
            (folder / f"m{number}.{ending}").write_text(text, "utf-8")


def of_ten() -> float:
    """Milliseconds of CPU for them, the best of five processes, as an installed package reads its signs."""
    with tempfile.TemporaryDirectory() as place:
        files, seal = Path(place, "files"), Path(place, SEAL_FILE)
        files.mkdir()
        ten_files(files)
        seal.write_bytes(sealed_signs())
        words = [sys.executable, "-c", TIMED, str(files), str(seal)]
        # As of an installed package, whose modules are compiled.
        env = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(place, "compiled"))}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = (subprocess.run(words, check=True, capture_output=True, cwd=ROOT, env=env) for _ in range(6))
        return min(float(run.stdout) for run in runs)


def of_tree(folder: Path) -> tuple[int, float]:
    """How many files git lists there, and seconds of CPU to look at all."""
    listed = subprocess.run(["git", "-C", str(folder), "ls-files", "-z"], check=True, capture_output=True).stdout
    paths = [name.decode("utf-8", "replace") for name in listed.split(b"\0") if name]
    texts = [(path, (folder / path).read_bytes()) for path in paths if (folder / path).is_file()]
    known, begin = shipped_signs(), time.process_time()
    for path, data in texts:
        look_at(path, "0", lambda data=data: len(data), lambda data=data: data, known)
    return len(texts), time.process_time() - begin


if __name__ == "__main__":
    print(f"ten changed files: {of_ten():.0f} ms")
    for folder in [Path(name) for name in sys.argv[1:]] or [ROOT]:
        count, seconds = of_tree(folder)
        print(f"{folder.name}: {count} files in {seconds:.2f} s, {count / seconds:.0f} a second")
