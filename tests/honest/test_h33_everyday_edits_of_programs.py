"""H33: programs of a high system in production are edited as every day, in six languages, and nobody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from world import days_ago, high_system

PYTHON: Final = (
    "import os\nimport openai\nimport onnxruntime as ort\n\n"
    'MODEL = "gpt-4o-2024-11-20"\nSYSTEM_PROMPT = "Rank the applicants by the vacancy alone."\n'
    'ranker = ort.InferenceSession("models/rank.onnx")\n\n\ndef rank(rows):\n'
    "    return openai.OpenAI().chat.completions.create(model=MODEL, messages=["
    '{"role": "system", "content": SYSTEM_PROMPT}])\n'
)
TS: Final = (
    'import OpenAI from "openai";\nimport { log } from "./log";\n\nconst model = "gpt-4o-2024-11-20";\n'
    'export const rank = (rows: string) => fetch("https://api.cohere.ai/v1/rerank", { body: rows });\n'
)
GO: Final = (
    'package rank\n\nimport (\n\t"net/http"\n\t"github.com/openai/openai-go"\n)\n\n'
    'const model = "gpt-4o-2024-11-20"\n\n'
    'func Rank() { http.Post("https://api.groq.com/openai/v1/chat/completions", "", nil) }\n'
)
JAVA: Final = (
    "import dev.langchain4j.model.openai.OpenAiChatModel;\n\nclass Rank {\n"
    '    static final String MODEL = "gpt-4o-2024-11-20";\n    String rank(String rows) { return ask(MODEL, rows); }\n'
    "}\n"
)
SHARP: Final = (
    "using OpenAI.Chat;\nusing Microsoft.ML.OnnxRuntime;\n\nclass Rank {\n"
    '    const string Model = "gpt-4o-2024-11-20";\n    var session = new InferenceSession("models/rank.onnx");\n}\n'
)
RUST: Final = (
    'use async_openai::Client;\n\nconst MODEL: &str = "gpt-4o-2024-11-20";\n\n'
    'pub fn rank(rows: &str) -> String { post("https://api.cohere.ai/v1/rerank", rows) }\n'
)
FILES: Final[Mapping[str, str]] = {
    "rank.py": PYTHON,
    "rank.ts": TS,
    "rank.go": GO,
    "Rank.java": JAVA,
    "Rank.cs": SHARP,
    "rank.rs": RUST,
    "package.json": '{"dependencies": {"openai": "^4.1.0", "zod": "^3.0.0"}}\n',
    "requirements.txt": "openai==1.50.0\nrequests==2.31.0\n",
    "Cargo.toml": '[dependencies]\nasync-openai = "0.24"\n',
    "go.mod": "module rank\n\nrequire github.com/openai/openai-go v0.1.0\n",
}
EDITS: Final[Mapping[str, tuple[str, str, str]]] = {
    "logging in Python": ("rank.py", "(rows):\n", "(rows):\n    logger.info('ranking %d rows', len(rows))\n"),
    "a retry in Python": ("rank.py", "def rank(", "@retry(stop=stop_after_attempt(3))\ndef rank("),
    "types in Python": ("rank.py", "def rank(rows):", "def rank(rows: list[str]) -> object:"),
    "a type of the model": ("rank.py", "MODEL =", "MODEL: Final[str] ="),
    "another name of the constant": ("rank.py", "MODEL", "CHAT_MODEL"),
    "black": ("rank.py", "create(model=MODEL, ", "create(\n        model=MODEL,\n        "),
    "other quotes": ("rank.py", '"gpt-4o-2024-11-20"', "'gpt-4o-2024-11-20'"),
    "order of imports": ("rank.py", "import os\nimport openai\n", "import openai\nimport os\n"),
    "an unused import": ("rank.py", "import os\n", ""),
    "documentation": ("rank.py", "(rows):\n", '(rows):\n    """Rank what https://wiki.acme.example says."""\n'),
    "a remark with another host": ("rank.py", "def rank(", "# was https://api.groq.com, models/old.onnx\ndef rank("),
    "a timeout": ("rank.py", "OpenAI()", "OpenAI(timeout=30)"),
    "a path by pathlib": ("rank.py", '"models/rank.onnx"', 'Path("models") / "rank.onnx"'),
    "a page for errors": ("rank.py", "def rank(", 'HELP = "https://wiki.acme.example/rank"\n\n\ndef rank('),
    "logging in TypeScript": ("rank.ts", "=> fetch", "=> log(rows) ?? fetch"),
    "prettier": ("rank.ts", "(rows: string) => fetch(", "(rows: string) =>\n  fetch(\n    "),
    "single quotes": ("rank.ts", '"', "'"),
    "a further type": ("rank.ts", "const model =", "const model: string ="),
    "order in TypeScript": ("rank.ts", 'import { log } from "./log";\n', 'import { log } from "./logging/log";\n'),
    "a page in TypeScript": ("rank.ts", "const model", 'const help = "https://wiki.acme.example/rank";\nconst model'),
    "a signal": ("rank.ts", "body: rows", "body: rows, signal: AbortSignal.timeout(9000)"),
    "gofmt": ("rank.go", 'const model = "', 'const (\n\tmodel = "'),
    "a name in Go": ("rank.go", "func Rank()", "func RankRows()"),
    "an error in Go": ("rank.go", "func Rank() {", 'func Rank() { log.Printf("ranks at %s", time.Now());'),
    "order in Go": (
        "rank.go",
        '"net/http"\n\t"github.com/openai/openai-go"',
        '"github.com/openai/openai-go"\n\n\t"net/http"',
    ),
    "a remark in Go": ("rank.go", "const model", "// model is what is asked, not gpt-4\nconst model"),
    "an annotation in Java": ("Rank.java", "    String rank", "    @Retryable(maxAttempts = 3)\n    String rank"),
    "Javadoc": ("Rank.java", "class Rank", "/** Ranks, see https://wiki.acme.example. */\nclass Rank"),
    "a logger in Java": ("Rank.java", "{ return ask", '{ log.info("ranks"); return ask'),
    "final in Java": ("Rank.java", "static final String", "private static final String"),
    "a namespace in C#": ("Rank.cs", "class Rank", "namespace Acme;\n\nclass Rank"),
    "var in C#": ("Rank.cs", "var session", "InferenceSession session"),
    "order in C#": ("Rank.cs", "using OpenAI.Chat;\n", "using System;\nusing OpenAI.Chat;\n"),
    "another slash in C#": ("Rank.cs", "models/rank.onnx", "models\\\\rank.onnx"),
    "rustfmt": ("rank.rs", '{ post("', '{\n    post(\n        "'),
    "tracing in Rust": ("rank.rs", "{ post", '{ tracing::info!("ranks"); post'),
    "an attribute in Rust": ("rank.rs", "pub fn", "#[must_use]\npub fn"),
    "a library of npm": ("package.json", "^4.1.0", "^5.0.0"),
    "a library of PyPI": ("requirements.txt", "1.50.0", "1.60.0"),
    "a crate": ("Cargo.toml", "0.24", "0.25"),
    "a module of Go": ("go.mod", "v0.1.0", "v0.2.0"),
}  # fmt: skip


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("h33-edits"))
    high = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    repo.adopt(high, files={f"screener/{path}": text for path, text in FILES.items()})
    return repo


@pytest.mark.parametrize("name", EDITS)
def test_h33_an_everyday_edit_of_a_program_asks_nobody(repo: Scratch, name: str) -> None:
    path, one, other = EDITS[name]
    assert one in FILES[path]
    repo.branch("edit")
    repo.commit("An everyday edit", files={f"screener/{path}": FILES[path].replace(one, other)})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found


@pytest.mark.parametrize("path", ["rank.py", "rank.ts", "rank.go", "Rank.java", "Rank.cs", "rank.rs"])
def test_h33_a_program_that_moves_asks_nobody(repo: Scratch, path: str) -> None:
    repo.branch("move")
    (repo.path / "screener/core").mkdir(exist_ok=True)
    repo.git("mv", f"screener/{path}", f"screener/core/{path}")
    repo.commit("A folder of its own")
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found
