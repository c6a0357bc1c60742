"""What a path says of a file: its language, and whether it is the product's own, a test, a text or somebody else's."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.discover.model_keys import GROUPS_OF_AI
from policy_gate.schema.patterns import lazy_pattern

MOST_BYTES: Final = 1_000_000
"""of a file of settings, or of data like these, that is looked into"""
MOST_OF_PROGRAM: Final = 16_000_000
"""the same of a program, which may be padded, of a notebook with what it has put out, and of a page"""
LANGUAGES: Final = {
    **dict.fromkeys((".py", ".pyw", ".pyi", ".pyx", ".xonsh", ".mojo", ".bzl", ".bazel", ".star"), "python"),
    ".ipynb": "notebook",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte"), "javascript"),
    **dict.fromkeys((".astro", ".ejs", ".gs", ".coffee"), "javascript"),
    **dict.fromkeys((".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".jsp"), "java"),
    ".go": "go",
    **dict.fromkeys((".cs", ".fs", ".vb", ".razor", ".cshtml", ".csx", ".fsx", ".dib"), "csharp"),
    **dict.fromkeys((".rb", ".rake", ".erb"), "ruby"),
    ".rs": "rust",
    ".php": "php",
    ".swift": "swift",
    **dict.fromkeys((".r", ".rmd", ".qmd"), "r"),
    **dict.fromkeys((".c", ".cc", ".cpp", ".h", ".hpp", ".cxx", ".cu", ".m", ".mm", ".dart", ".lua"), "other"),
    **dict.fromkeys((".jl", ".ex", ".exs", ".livemd"), "hashed"),
    **dict.fromkeys((".pl", ".pm", ".clj", ".cljs", ".cls", ".erl", ".zig", ".nim", ".hs"), "other"),
    **dict.fromkeys(
        (".bas", ".vba", ".vbs", ".ml", ".cr", ".ron", ".edn", ".awk", ".tcl", ".scm", ".rkt", ".sc", ".proto"), "other"
    ),
    **dict.fromkeys(
        (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".env", ".properties", ".tf", ".tfvars", ".bicep"),
        "configuration",
    ),
    **dict.fromkeys((".sh", ".bash", ".zsh", ".fish", ".ksh", ".ps1", ".psm1", ".bat", ".cmd"), "configuration"),
    **dict.fromkeys((".http", ".rest", ".hcl", ".nomad", ".nix", ".service", ".container", ".config"), "configuration"),
    **dict.fromkeys(
        (".json5", ".jsonc", ".hjson", ".jsonnet", ".libsonnet", ".cue", ".kdl", ".dhall"), "configuration"
    ),
    **dict.fromkeys((".gotmpl", ".template", ".dist", ".sample", ".graphql", ".gql"), "configuration"),
    **dict.fromkeys((".xml", ".plist", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".mustache"), "configuration"),
}
"""By the ending of a name in lower case; `hashed` are other languages whose comments begin so."""

DVC_LOCK, DVC_PIPELINE = "dvc.lock", "dvc.yaml"
"""What DVC calls its file of the digests of all that stages of a pipeline put out, and that of the stages."""
DVC_FILES: Final = frozenset({DVC_LOCK, DVC_PIPELINE})

_NAMES: Final = lazy_pattern(
    r"(?:dockerfile|containerfile)(?:\..*)?|.*\.(?:dockerfile|containerfile)|\.env(?:\..*)?|modelfile|(?:gnu)?makefile"
    r"|justfile|procfile",
    re.IGNORECASE,
)
_TESTS: Final = frozenset(
    {"test", "tests", "__tests__", "testing", "testdata", "test-data", "fixtures", "e2e", "cypress", "__mocks__"}
)
_TEST_FOLDER: Final = lazy_pattern(r"(?i:(?:.*[._-])?tests?)|.*[a-z0-9]Tests?")
_SPECIFICATIONS: Final = frozenset({"spec", "specs"})
_TEST_FILE: Final = lazy_pattern(
    r"(?:test_.*|.*_test|.*_tests|conftest|.*\.test|.*\.spec|.*_spec|.*-test|.*Tests?|.*\.stories)\.[A-Za-z]{1,5}"
)
_PROMPTS: Final = lazy_pattern(r"(?i:(?:.{0,60}[._-])?prompts?|.{0,60}[a-z]Prompts?)\.\w{1,6}")
_DRAWN: Final = frozenset({".tsx", ".jsx", ".vue", ".svelte", ".astro", ".ejs", ".jsp", ".erb", ".razor", ".cshtml"})
_TRANSLATED: Final = frozenset({"locales", "locale", "i18n", "l10n", "translations", "lang", "langs", "_locales"})
_OF_LANGUAGE: Final = lazy_pattern(
    r"(?:(?:messages|strings|labels|translations?|i18n|locales?)(?:[._-][a-z]{2}(?:[_-][a-z0-9]{2,4})?)?"
    r"|(?:en|de|fr|es|it|nl|pl|pt|da|sv|fi|nb|cs|ja|ko|zh|ru|uk|tr|ar|he|el|hu|ro)(?:[_-][a-z0-9]{2,4})?)"
    r"[.](?:json|ya?ml|properties|toml|xml)"
)
"""catalogues of texts, by their names in lower case"""
_SURVEY: Final = lazy_pattern(
    r"(?:.{0,60}[._-])?(?:surveys?|questionnaires?|quiz(?:zes)?|polls?|faqs?)(?:[._-].{0,60})?"
)
_SHOWN_SETTINGS: Final = lazy_pattern(r"\.?env\.(?:example|sample|template|dist)|(?:example|sample|template)\.env")
"""settings that somebody copies and fills in"""
_FOREIGN: Final = frozenset({"node_modules", "vendor", "third_party", "third-party", ".venv", "venv", "site-packages"})
_PACKAGES_BELOW: Final = frozenset({"java", "kotlin", "scala", "groovy"})
_DOMAINS: Final = frozenset({"com", "org", "net", "io"})
"""what names of packages begin with where no folder is called by the language"""
_OF_ASSISTANTS: Final = (".github/prompts/", ".github/instructions/", ".github/chatmodes/", ".vscode/", ".cursor/")
_TEXTS: Final = frozenset({"docs", "doc", "documentation", "examples", "example", "samples", "sample"})
_PLACE_APART: Final = lazy_pattern(
    r"test|spec|fixture|e2e|cypress|mock|stories|node_modules|vendor|third[_-]party|venv|site-packages|docs?\b"
    r"|documentation|examples?|samples?|glob|iterdir|walk|import_module|__path__"
)
"""words in lower case, one of which stands where a program refers to tests, examples or what others wrote"""


_HASHES: Final = ("#", "-- ")
_SLASHES: Final = ("//", "/*", "* ")
_OF_SLASHES: Final = frozenset(
    {
        *(".c", ".cc", ".cpp", ".cxx", ".cu", ".h", ".hh", ".hpp", ".m", ".mm", ".cs", ".fs", ".dart", ".swift"),
        *(".pbxproj", ".php"),
    }
)
"""endings of files in which a line that begins with `#` is none"""
_PROSE: Final = frozenset({".md", ".mdx", ".txt", ".markdown"})
_OF_TEMPLATES: Final = (".tmpl", ".tpl", ".j2", ".jinja", ".jinja2", ".mustache", ".template", ".tt")
"""endings of a file from which another is made, whose own ending stands before"""


def kept_by_windows(name: str) -> str:
    """A name without what Windows drops of it: dots and blanks at its end, a stream."""
    return name.partition(":")[0].rstrip(". ")


def without_template(name: str) -> str:
    """The name of the file that a template makes, where its ending is one of a program; else the name itself."""
    if not name.lower().endswith(_OF_TEMPLATES):
        return name
    stem = name.rpartition(".")[0]
    return stem if LANGUAGES.get(_ending(stem), "configuration") != "configuration" else name


_OF_AI: Final = lazy_pattern(GROUPS_OF_AI)


def is_template(path: str) -> bool:
    """Is another file made from it, so that it is no program itself?"""
    return _ending(path.rpartition("/")[2]) in _OF_TEMPLATES


def is_settings_of_ai(path: str) -> bool:
    """Is it a file of settings that is called after what asks models (`config/openai.yml`)?"""
    folder, _, name = path.rpartition("/")
    if _OF_AI.fullmatch(name.partition(".")[0].lower()) is None:
        return False
    is_plain = language_of(path) == "configuration" and not (is_text(path) or is_translated(path))
    return is_plain or folder.rpartition("/")[2] in ("config", "conf", "settings", "initializers")


def language_of(path: str) -> str:
    """The language of a file by its name; empty where it is none that is looked into."""
    name = without_template(kept_by_windows(path.rpartition("/")[2]))
    known = LANGUAGES.get(_ending(name))
    return known if known is not None else "configuration" if _NAMES.fullmatch(name) else ""


_INTERPRETERS: Final = (
    ("python", "python"),
    ("pypy", "python"),
    ("uv", "python"),
    *((name, "javascript") for name in ("node", "deno", "bun", "tsx", "ts-node", "zx")),
    *((name, name) for name in ("ruby", "php", "swift")),
    ("rscript", "r"),
    *((name, "hashed") for name in ("julia", "elixir")),
    *((name, "other") for name in ("lua", "dart")),
    *((name, "configuration") for name in ("sh", "bash", "zsh", "dash", "ksh", "fish", "pwsh")),
)
"""What a script's first line starts it with, by the beginning of the program's name, and the language it is in."""


def is_remark(line: str, path: str) -> bool:
    """Is a line of such a file a remark? Told by how it begins; prose has none, and headings that begin so."""
    if _ending(path).lower() in _PROSE:
        return False
    return line.lstrip().startswith(_SLASHES if _ending(path).lower() in _OF_SLASHES else _HASHES)


def may_be_script(path: str) -> bool:
    """Has its name no ending, so that its first line says what it is?"""
    return not _ending(path.rpartition("/")[2])


def language_of_script(data: bytes) -> str:
    """The language of a script by the program that its first line names; empty where it names none that is known."""
    if not data.startswith(b"#!"):
        return ""
    line = data[2:200].partition(b"\n")[0].decode("utf-8", "replace").casefold()
    words = [word.rpartition("/")[2] for word in line.split()]
    named = (word for word in words if not word.startswith("-") and "=" not in word and word != "env")
    program = next(named, "")
    return next((language for name, language in _INTERPRETERS if program.rstrip("0123456789.") == name), "")


def _ending(name: str) -> str:
    """The ending of a file's name in lower case, with its dot; empty where it has none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem and ending else ""


_COMPILED: Final = frozenset(
    {
        *(
            ".pyc",
            ".pyo",
            ".pyd",
            ".whl",
            ".egg",
            ".class",
            ".jar",
            ".war",
            ".ear",
            ".aar",
            ".so",
            ".dylib",
            ".dll",
            ".exe",
        ),
        *(".node", ".wasm", ".o", ".a", ".lib", ".beam", ".phar", ".gem", ".nupkg", ".apk", ".msi", ".deb", ".rpm"),
    }
)
_KNOWN_HARMLESS: Final = frozenset(
    {
        *(".md", ".markdown", ".rst", ".adoc", ".txt", ".html", ".htm", ".css", ".scss", ".less", ".pdf", ".license"),
        *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".csv", ".tsv", ".sql"),
        *(".lock", ".sum", ".mod", ".map", ".snap", ".po", ".mo"),
    }
)

_DATA: Final = frozenset({".yaml", ".yml", ".json", ".xml"})


def is_page(path: str) -> bool:
    """Is it a page of the web, which holds scripts among what it shows?"""
    return _ending(path.rpartition("/")[2]) in (".html", ".htm", ".xhtml")


def is_unknown_kind(path: str) -> bool:
    """Is it neither code nor settings nor a text, table or picture, so that nobody here can tell what it holds?"""
    ending = _ending(path.rpartition("/")[2])
    return not language_of(path) and bool(ending) and ending not in _KNOWN_HARMLESS


def is_compiled(path: str) -> bool:
    """Is it a program, or a library of them, that a machine runs and nobody reads, by the ending of its name?"""
    return _ending(path.rpartition("/")[2]) in _COMPILED


def may_hold_code(path: str) -> bool:
    """Is it a program, a script, or of a kind that nobody here knows, and neither data nor a text?"""
    ending = _ending(path.rpartition("/")[2])
    return not ending or is_unknown_kind(path) or (bool(language_of(path)) and ending not in _DATA)


def holds_prompts(path: str) -> bool:
    """Is it a program whose folder or name says that it holds prompts? What draws a page may ask its users by one."""
    name = path.rpartition("/")[2]
    if not is_program(path) or _ending(name) in _DRAWN:
        return False
    return not {"prompt", "prompts"}.isdisjoint(_folders(path.lower())) or _PROMPTS.fullmatch(name) is not None


def is_for_developers(path: str) -> bool:
    """Does it lie where the coding assistants of those who work here look, and no product does?"""
    return path.startswith(_OF_ASSISTANTS)


def is_translated(path: str) -> bool:
    """Is it a catalogue of what an interface says in one language? Not where its place says that it holds prompts."""
    if language_of(path) != "configuration" or "prompt" in path.lower():
        return False
    *folders, name = path.lower().split("/")
    return not _TRANSLATED.isdisjoint(folders) or _OF_LANGUAGE.fullmatch(name) is not None


def is_survey(path: str) -> bool:
    """Is it data about what people are asked, by the name of its folder or its own?"""
    if language_of(path) != "configuration" or "prompt" in path.lower():
        return False
    return any(_SURVEY.fullmatch(part) for part in path.lower().split("/"))


def is_shown_settings(path: str) -> bool:
    """Is it a file of settings to be copied by people? What copies or reads it by itself makes it the product's."""
    return _SHOWN_SETTINGS.fullmatch(path.rpartition("/")[2].lower()) is not None


def is_test(path: str) -> bool:
    """Is it a test, or something that tests use, by the names that people give these?"""
    return any(map(_is_for_tests, _folders(path))) or _is_specified(path) or is_named_like_a_test(path)


def is_named_like_a_test(path: str) -> bool:
    """Is it a program whose own name says that it is a test? Settings and weights are read by whoever wants them."""
    return is_program(path) and _TEST_FILE.fullmatch(path.rpartition("/")[2]) is not None


def is_program(path: str) -> bool:
    """Is it code, by the ending of its name?"""
    return language_of(path) not in ("", "configuration")


def most_bytes(language: str) -> int:
    """How large a file of such a language may be to be looked into."""
    return MOST_BYTES if language in ("", "configuration") else MOST_OF_PROGRAM


def is_apart(path: str) -> bool:
    """Does it lie beside the product by its names: a test, an example, a text about it?"""
    return is_test(path) or is_text(path) or is_shown_settings(path)


def excusing_folder(path: str) -> str:
    """The topmost folder for tests, examples, texts or what others wrote that it lies in, as a path; else empty."""
    parts = _folders(path)
    for at, part in enumerate(parts):
        if _is_for_tests(part) or part in _FOREIGN or part in _TEXTS or (part in _SPECIFICATIONS and is_program(path)):
            return "/".join(parts[: at + 1])
    return ""


def _folders(path: str) -> list[str]:
    """The folders of a path whose names say what is in them.

    Below a source folder of the JVM they are names of packages: `com.example` and `org.acme.vendor` are products, too.
    """
    parts = path.split("/")[:-1]
    roots = (at for at, part in enumerate(parts) if part in _PACKAGES_BELOW and "src" in parts[max(0, at - 2) : at])
    root = next(roots, None)
    if root is None and LANGUAGES.get(_ending(path)) == "java":
        root = next((at - 1 for at, part in enumerate(parts) if part in _DOMAINS), None)
    return parts if root is None else parts[: root + 1]


def _is_for_tests(folder: str) -> bool:
    return folder.lower() in _TESTS or _TEST_FOLDER.fullmatch(folder) is not None


def _is_specified(path: str) -> bool:
    """Specifications of programs are tests; those of interfaces are none."""
    return is_program(path) and not _SPECIFICATIONS.isdisjoint(_folders(path))


def is_foreign(path: str) -> bool:
    """Does it lie in a folder for what others wrote?"""
    return not _FOREIGN.isdisjoint(_folders(path))


def is_text(path: str) -> bool:
    """Does it lie in a folder that explains or shows something?"""
    return not _TEXTS.isdisjoint(_folders(path))


def is_tracking(path: str) -> bool:
    """Is it a pointer of DVC to what lies elsewhere?"""
    name = path.rpartition("/")[2].lower()
    return name.endswith(".dvc") and name != ".dvc"


def names_place_apart(lower: str) -> bool:
    """Whether a text in lower case may refer to tests, examples or what others wrote."""
    return _PLACE_APART.search(lower) is not None
