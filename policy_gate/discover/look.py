"""What one file shows of AI: by its name, by what it imports and calls, by the texts in it, by the packages it names.

A path, a blob id and bytes in, signs with their lines out. What cannot be read as its language says is looked
at by its text, and what cannot be looked at is told, never taken for a file without signs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from policy_gate.discover.code_facts import ASKED_PROMPT, THROWN, CodeFacts, Literal, firsts
from policy_gate.discover.defaults import defaults_in, given_to_variable, named_elsewhere
from policy_gate.discover.encodings import as_compiled, as_text, readings_of, stands_for_another
from policy_gate.discover.handed_in_text import facts_with_handed
from policy_gate.discover.hosts_in_texts import host_of_address, hosts_in
from policy_gate.discover.model_constants import model_names
from policy_gate.discover.model_keys import is_endpoint, of_catalogue, said_by_key
from policy_gate.discover.named_inside import asked_path, models_inside
from policy_gate.discover.named_packages import import_sign, package_sign, sign_name
from policy_gate.discover.notebooks import CellLines, cells_of
from policy_gate.discover.packages import format_of, packages_of
from policy_gate.discover.places import (
    MOST_OF_PROGRAM,
    holds_prompts,
    is_for_developers,
    is_page,
    is_remark,
    is_settings_of_ai,
    is_survey,
    is_template,
    is_text,
    is_tracking,
    is_translated,
    language_of,
    language_of_script,
    may_be_script,
    most_bytes,
)
from policy_gate.discover.prefilter import Needed, holds_any
from policy_gate.discover.programs_inside import programs_inside, scripts_of_page
from policy_gate.discover.prompt_texts import is_as_long_as_prompt, is_prompt, is_surely_prompt
from policy_gate.discover.put_together import put_together, said_by_script
from policy_gate.discover.python_code import python_facts
from policy_gate.discover.said_to_people import asks_people, is_name_of_text
from policy_gate.discover.signs import FileSign, Sign, Signs
from policy_gate.discover.signs_at_place import LOWER, with_confidence
from policy_gate.discover.tracked_files import with_tracked
from policy_gate.discover.type_imports import asks_something
from policy_gate.discover.weights_by_path import weights_named
from policy_gate.errors import UndecidedError
from policy_gate.schema.observed import IN_CODE, WEIGHTS_NAMED, FileSigns, Signal
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry

_LOCKS: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "packages.lock.json"})
"""lists that tools write of what other files ask for, by their names"""
_LONGEST_LINE: Final = 20_000
"""characters of a line in which an expression is looked for"""
_LONGEST_TOLD: Final = 2_000
_SET_OUTSIDE: Final = lazy_pattern(r"(?:[A-Z0-9]{1,30}_){0,6}(?:MODEL|DEPLOYMENT)(?:_(?:NAME|ID))?")
"""the name of a variable of the environment that names a model"""
_VOCABULARIES: Final = frozenset({"gpt2"})
"""names of models that are names of vocabularies, too: what an encoding is called is no model"""
_MANY_VENDORS: Final = 6
"""whose hosts and models one file of settings names: it lists what there is, and calls none of it"""


def look_at(
    path: str, oid: str, size: Callable[[], int], read: Callable[[], bytes], signs: Signs, *, is_whole: bool = False
) -> FileSigns:
    """The signs of one file, whose bytes are only asked for where its name says that they may show any.

    All of it is read where `is_whole`, and otherwise what stands beside a text that a sign needs.
    """
    look = _Look(path, oid, signs, is_whole=is_whole)
    if look.wants_text or look.is_perhaps_script:
        try:
            found = size()
            if found <= look.most_bytes:
                look.read(read())
            elif not look.is_perhaps_script:
                message = f"the file is too large (got {found} bytes, at most {look.most_bytes})"
                look.leave_out(f"{message}, so what it shows is not known")
                look.is_opaque("A program too large to be looked into")
        except UndecidedError as error:
            look.leave_out(f"what it shows is not known: {error.message}")
    return look.found()


def signs_of(tree: Tree, entry: TreeEntry, signs: Signs) -> FileSigns:
    """What one file of a tree shows."""
    if entry.kind != "file":
        return FileSigns()
    return look_at(entry.path, entry.oid, lambda: tree.size(entry), lambda: tree.read(entry), signs)


class _Look:
    """One file while it is looked at."""

    def __init__(self, path: str, oid: str, signs: Signs, *, is_whole: bool = False) -> None:
        self.path = path
        self._is_whole = is_whole
        self.unread: list[Problem] = []
        self._left_out = False
        self._opaque: tuple[Signal, ...] = ()
        self._oid = oid
        self._signs = signs
        self._named = [it for it in signs.of_path(path) if it.spec.kind != "prompt" or not is_for_developers(path)]
        self._is_page = is_page(path)
        self._is_of_ai = is_settings_of_ai(path)
        self._holds_prompts = holds_prompts(path)
        self._language = (
            "" if path.rpartition("/")[2] in _LOCKS else "javascript" if self._is_page else language_of(path)
        )
        self._format = format_of(path)
        self._signals: list[Signal] = []
        self._for_types: list[Signal] = []
        self._beside: list[Signal] = []
        for sign in self._named:
            if sign.text is None:
                self._by_name(sign.spec)

    @property
    def most_bytes(self) -> int:
        """How large it may be to be looked into."""
        return MOST_OF_PROGRAM if self.is_perhaps_script else most_bytes(self._language)

    @property
    def wants_text(self) -> bool:
        """Whether anything but its name can say something."""
        return bool(self._language or self._format or is_tracking(self.path) or any(it.is_read for it in self._named))

    @property
    def is_perhaps_script(self) -> bool:
        """Whether only its first line can say what it is; one beyond all size is hardly a script and not told."""
        return not self.wants_text and may_be_script(self.path)

    def found(self) -> FileSigns:
        """What was seen, in the order of lines, each thing once."""
        shown = {(it.kind, it.what) for it in self._signals}
        listed = frozenset(of_catalogue(self.path, self._signals))
        self._signals = [it for it in self._signals if it not in listed]
        self._beside += sorted(listed, key=lambda it: it.line)
        kept = [*self._signals, *(it for it in self._for_types if (it.kind, it.what) not in shown)]
        if is_text(self.path):
            kept = [with_confidence(it, LOWER[it.confidence]) for it in kept]
        elif self._language == "configuration" and self._is_list_of_vendors():
            kept = [with_confidence(it, "medium") if it.kind in ("host", "model") else it for it in kept]
        first: dict[tuple[str, str, str], Signal] = {}
        for signal in sorted(kept, key=lambda it: it.line):
            own = signal.value or ("" if signal.kind == "sdk" else signal.found)
            first.setdefault((signal.kind, signal.what, own), signal)
        beside: dict[tuple[str, str], Signal] = {}
        for signal in sorted(self._beside, key=lambda it: it.line):
            beside.setdefault((signal.kind, signal.value), signal)
        return FileSigns(
            tuple(first.values()), tuple(beside.values()), tuple(self.unread), self._left_out, self._opaque
        )

    def leave_out(self, why: str) -> None:
        """Note that its text is not looked at, and why."""
        self.unread.append(Problem(self.path, why))
        self._left_out = True

    def is_opaque(self, what: str) -> None:
        """Note that a program cannot be seen at all. Of a notebook that is kept elsewhere nobody runs a product."""
        if self._language not in ("", "configuration", "notebook"):
            self._opaque = (Signal(self.path, 1, "weights", what, "high", what, "", self._oid),)

    def _is_list_of_vendors(self) -> bool:
        return len({it.vendor for it in self._signals if it.kind in ("host", "model")} - {""}) >= _MANY_VENDORS

    def read(self, data: bytes) -> None:
        """Look into its text, as far as something in it can be a sign."""
        if self.is_perhaps_script:
            self._language = language_of_script(data)
        texts, unknown = readings_of(data, is_python=self._language == "python")
        if self._language and (kept := stands_for_another(data)):
            self.unread.append(Problem(self.path, f"is {kept}: what it stands for was not looked into"))
            self.is_opaque(f"A program that is {kept}")
        if unknown:
            self.unread.append(Problem(self.path, f"states an encoding that is not known ({unknown[:40]})"))
        if (self._named and self._language != "notebook") or self._format:
            self._by_file(as_text(texts[0]))
        self._signals = with_tracked(self.path, texts[0], self._signals, self._signs)
        for text in texts if self._language else ():
            self._by_text_of(as_compiled(scripts_of_page(text) if self._is_page else text, self._language))

    def _by_text_of(self, data: bytes) -> None:
        if self._language == "notebook":
            self._by_cells(as_text(data))
        elif needed := self._needed(data):
            text = as_text(data)
            facts = self._facts(text, needed)
            self._by_code(facts)
            for literal in put_together(facts.literals, text, self._language):
                self._by_text(literal)
            self._by_types(facts, text)
            if self._language == "configuration":
                self._by_programs_inside(as_text(data))

    def _by_programs_inside(self, text: str) -> None:
        """What a script or a CI file hands to Python: a program, or one line, which may be no more than a try."""
        known = self._signs.imports.get("python", {})
        for program, first, is_whole in programs_inside(text):
            for name, line in (python_facts(program) or facts_with_handed(program, "python")).imports:
                sign = import_sign(known, name, "python")
                if sign is not None:
                    self._note(sign, first + (line - 1 if is_whole else 0), sign_name(known, sign, name))
                    if not is_whole:
                        self._signals[-1] = with_confidence(self._signals[-1], LOWER[sign.confidence])

    def _needed(self, data: bytes) -> Needed:
        if self._is_whole or self._holds_prompts:
            return Needed(everything=True)
        is_python = self._language in ("python", "notebook")
        uses_ai = self._is_of_ai or any(it.kind == "sdk" for it in self._signals)
        return self._signs.prefilter.needed(data, is_python=is_python, uses_ai=uses_ai)

    def _by_file(self, text: str) -> None:
        """What its name says, together with a line of it, and the packages that it names."""
        lower = text.lower()
        is_long = len(text) > _LONGEST_LINE and max(map(len, text.split("\n"))) > _LONGEST_LINE
        for sign in self._named:
            is_there = is_long or holds_any(text, lower, sign.holds)
            seen = (1, "") if sign.text is None else self._line_with(sign, text) if is_there else None
            if seen is not None and sign.spec.kind == "prompt":
                self._signals = [it for it in self._signals if it.kind != "prompt"]
                self._note_prompt(self._signals, Literal(text, 1), sign.spec.what, sign.spec.confidence)
            elif seen is not None and sign.text is not None:
                self._note(sign.spec, seen[0], seen[1])
                self._by_models_asked(sign, text)
        if self._format:
            self._by_package(text)

    def _facts(self, text: str, needed: Needed) -> CodeFacts:
        if self._language != "python":
            return facts_with_handed(text, self._language, needed)
        facts = python_facts(text, needed)
        if facts is not None:
            return facts
        if not is_template(self.path):
            self.unread.append(Problem(self.path, "does not parse as Python, so only its text was looked at"))
        return facts_with_handed(text, "python", needed)

    def _by_cells(self, text: str) -> None:
        """Look into the code of a notebook; where a sign stands in the file is only looked for once there is one."""
        codes = cells_of(text)
        if codes is None and not self._needed(text.replace('\\"', '"').encode("utf-8", "surrogatepass")):
            return
        if codes is None:
            self.unread.append(Problem(self.path, "is no notebook that can be read, so only its text was looked at"))
            self._by_code(facts_with_handed(text, "python"))
            return
        whole = "\n".join(codes)
        needed = self._needed(whole.encode("utf-8", "surrogatepass"))
        said = [it for it in self._named if it.text and holds_any(whole, whole.lower(), it.holds)]
        if not needed and not said:
            return
        places = CellLines(text)
        for code in codes:
            places.begin_cell()
            plain = re.sub(r"^[ \t]*[%!].*$", "", code, flags=re.MULTILINE)
            lines = code.split("\n")
            shown, aside = len(self._signals), len(self._beside)
            if needed:
                self._by_code(python_facts(plain, needed) or facts_with_handed(plain, "python", needed))
            for sign, seen in ((it, self._line_with(it, code)) for it in said):
                if seen is not None:
                    self._note(sign.spec, *seen)
            for found, start in ((self._signals, shown), (self._beside, aside)):
                found[start:] = [replace(it, line=places.of(lines, it.line)) for it in found[start:]]

    def _by_name(self, sign: Sign) -> None:
        if sign.kind == "weights":
            said = Signal(self.path, 1, "weights", sign.what, sign.confidence, self.path, sign.vendor, self._oid)
            if not any(it.kind == "weights" for it in self._signals):
                self._signals.append(said)
        elif sign.kind != "prompt" or not any(it.kind == "prompt" for it in self._signals):
            self._note(sign, 1, self.path, self._oid if sign.kind == "prompt" else "")

    def _line_with(self, sign: FileSign, text: str) -> tuple[int, str] | None:
        """The first line that holds the sign's expression, with its number from 1."""
        if sign.spec.within == "front-matter":
            text = text.split("\n---", 1)[0] if text.startswith("---\n") else ""
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > _LONGEST_LINE:
                message = f"the line is too long (only its first {_LONGEST_LINE} characters are looked at)"
                self.unread.append(Problem(self.path, message, number))
            said = line[:_LONGEST_LINE]
            if sign.text and not is_remark(said, self.path) and sign.text.search(said):
                return number, said.strip()[:_LONGEST_TOLD]
        return None

    def _by_models_asked(self, sign: FileSign, text: str) -> None:
        """The models that lines of such a file name as those that are asked."""
        if sign.asks is None:
            return
        said = said_by_script(text, self.path)
        line, at = 1, 0
        for found in sign.asks.finditer(said):
            line, at = line + said.count("\n", at, found.start()), found.start()
            for name in filter(None, found.groups()):
                self._note_model(name, line, is_sure=True)

    def _by_package(self, text: str) -> None:
        ecosystem, named = packages_of(text, self._format)
        for name, line in named:
            sign = package_sign(self._signs.packages[ecosystem], name, ecosystem)
            if sign is not None:
                self._note(sign, line, name, kind="dependency")

    def _by_code(self, facts: CodeFacts) -> None:
        language = "python" if self._language == "notebook" else self._language
        known = self._signs.imports.get(language, {})
        for name, line in facts.imports:
            sign = import_sign(known, name, language)
            if sign is not None:
                self._note(sign, line, sign_name(known, sign, name))
        for name, line in facts.calls:
            if name in self._signs.calls:
                self._note(self._signs.calls[name], line, name)
        if self._holds_prompts and asks_people(facts.imports) and not any(it.kind == "sdk" for it in self._signals):
            self._holds_prompts = False
        # Where a line of a cell stands is found from the one before it, so that a notebook needs all.
        for literal in facts.literals if self._language == "notebook" else firsts(facts.literals):
            self._by_text(literal)
        for constant in facts.constants:
            model = next((name for name in model_names(constant) if self._signs.model(name)), "")
            if model:
                said = Signal(self.path, constant.line, "model", "A model's name", "low", constant.name, "", model)
                self._beside.append(said)

    def _by_types(self, facts: CodeFacts, text: str) -> None:
        """What it imports for type checkers alone: a weaker sign, unless it may ask a model by what others hand it."""
        known = self._signs.imports.get(self._language, {})
        is_weaker = bool(facts.for_types) and not asks_something(text)
        for name, line in facts.for_types:
            sign = import_sign(known, name, self._language)
            if sign is not None:
                how = LOWER[sign.confidence] if is_weaker else sign.confidence
                found = sign_name(known, sign, name)
                self._for_types.append(Signal(self.path, line, sign.kind, sign.what, how, found, sign.vendor))

    def _by_text(self, literal: Literal) -> None:
        value = literal.value.strip()
        if not value:
            return
        known = self._signs.strings if self._language != "configuration" else {}
        sign = known.get(value)
        if (asked := sign or known.get(asked_path(value))) is not None:
            self._note(asked, literal.line, value)
        for name, is_sent in models_inside(value) if "/" in value or "model" in value else ():
            self._note_model(name, literal.line, is_sure=is_sent)
        if sign is None and "\n" not in value:
            if self._by_short_text(literal, value):
                return
            if "{" in value and any(self._by_default(literal, *it) for it in defaults_in(value)):
                return
        if " " not in value:
            return
        if is_prompt(literal.key, value):
            beside_people = is_translated(self.path) or is_survey(self.path)
            is_sure = is_surely_prompt(literal.key, value, beside_people=beside_people)
            self._note_prompt(self._signals if is_sure else self._beside, literal, IN_CODE, "medium")
        elif self._holds_prompts and literal.key != THROWN and is_as_long_as_prompt(value):
            self._note_prompt(self._signals, literal, IN_CODE, "medium")

    def _by_short_text(self, literal: Literal, value: str) -> bool:
        """A model's name, or hosts; whether the text is one of these and so nothing else."""
        sign = self._signs.model(value)
        if sign is not None and value in _VOCABULARIES and "encoding" in literal.key:
            return True
        if sign is not None and is_name_of_text(literal.key, value, in_catalogue=is_translated(self.path)):
            return True
        if sign is not None:
            self._note(sign, literal.line, value, value)
            return True
        key = literal.key
        if key == ASKED_PROMPT:
            self._note_prompt(self._beside, literal, "A prompt kept elsewhere", "medium")
            return True
        if (said := said_by_key(key, value)) is not None:
            where = self._signals if said.is_sure or (self._is_of_ai and said.kind == "model") else self._beside
            where.append(Signal(self.path, literal.line, said.kind, said.what, "low", value, "", value))
            return True
        if value.isupper() and _SET_OUTSIDE.fullmatch(value):
            self._beside.append(named_elsewhere(self.path, literal.line, value))
            return True
        is_host = self._by_hosts(literal, value.lower())
        return self._note_weights(value, literal.line, key) or is_host

    def _by_default(self, literal: Literal, variable: str, value: str) -> bool:
        """What holds where a variable is not set; a model that it names may be another one by what is set outside."""
        shown, beside = len(self._signals), len(self._beside)
        if not self._by_short_text(given_to_variable(literal, variable), value):
            return False
        if any(it.kind == "model" for it in (*self._signals[shown:], *self._beside[beside:])):
            self._beside.append(named_elsewhere(self.path, literal.line, variable))
        return True

    def _note_model(self, name: str, line: int, *, is_sure: bool) -> None:
        """A model that a text names inside of it, or that a line asks."""
        sign = self._signs.model(name)
        if sign is not None:
            self._note(sign, line, name, name)
        elif is_sure and not ("://" in name and self._note_weights(name, line)):
            self._beside.append(Signal(self.path, line, "model", "A model's name", "low", name, "", name))

    def _note_weights(self, text: str, line: int, key: str = "") -> bool:
        """Weights by their path or address, where the text is one."""
        if weights := weights_named(text, key):
            said = Signal(self.path, line, WEIGHTS_NAMED, "Weights by their path", "low", text, "", weights)
            self._beside.append(said)
        return bool(weights)

    def _by_hosts(self, literal: Literal, value: str) -> bool:
        if "." not in value and "localhost" not in value:
            return False
        known = False
        for host in hosts_in(value):
            sign = self._signs.host(host)
            if sign is not None:
                known = True
                self._note(sign, literal.line, host, host)
        if not known and is_endpoint(literal.key, value) and (host := host_of_address(value)):
            said = Signal(self.path, literal.line, "host", "An endpoint", "low", host, "", host)
            self._beside.append(said)
            return True
        return known

    def _note(self, sign: Sign, line: int, found: str, value: str = "", kind: str = "") -> None:
        self._signals.append(
            Signal(self.path, line, kind or sign.kind, sign.what, sign.confidence, found, sign.vendor, value)
        )

    def _note_prompt(self, where: list[Signal], literal: Literal, what: str, confidence: str) -> None:
        words = " ".join(literal.value.split())
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
        shown = words if len(words) <= 80 else f"{words[:77]}..."
        where.append(Signal(self.path, literal.line, "prompt", what, confidence, shown, "", digest))
