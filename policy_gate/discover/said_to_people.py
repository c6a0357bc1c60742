"""What a program says to people, though its names could be of models and prompts: questions, labels, invitations."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from policy_gate.discover.code_facts import Named
from policy_gate.discover.python_expressions import plain_text
from policy_gate.schema.patterns import lazy_pattern

_ASKING: Final = (
    *("inquirer", "@inquirer/", "prompts", "enquirer", "@clack/prompts", "questionary", "InquirerPy", "PyInquirer"),
    *("github.com/AlecAivazis/survey", "github.com/manifoldco/promptui", "github.com/charmbracelet/huh"),
    *("dialoguer", "inquire", "tty-prompt"),
)
"""libraries that ask whoever sits at a terminal, and do nothing else"""
ASKS_PEOPLE: Final = frozenset({"input", "ask", "question", "confirm", "select", "getpass", "prompt"})
"""names of functions that ask whoever sits at the screen, and no model"""
_OF_COMMANDS: Final = frozenset({"click", "rich_click", "typer"})
_TRANSLATING: Final = frozenset({"t", "tr", "translate", "i18n_key", "format_message"})
_NAME_OF_TEXT: Final = lazy_pattern(r"[A-Za-z]\w{0,60}(?:\.[A-Za-z]\w{0,60}){1,6}")
"""a name with dots by which a program asks for a text (`gpt4v.title`)"""
_LABEL: Final = lazy_pattern(r"\w*[a-z0-9][A-Z][\w.]*")
"""one with a hump, as in a catalogue of translations (`gpt4vExamples.placeholder`)"""


def asks_people(imports: Iterable[Named]) -> bool:
    """Does a program of these imports ask people?"""
    return any(
        name == known or name.startswith(known if known.endswith("/") else (f"{known}.", f"{known}/"))
        for name, _ in imports
        for known in _ASKING
    )


def is_of_option(call: ast.Call) -> bool:
    """Is it an option of a command, whose `prompt` is what a person is asked?"""
    of = getattr(getattr(call.func, "value", None), "id", "")
    return of in _OF_COMMANDS or any((plain_text(it) or "").startswith("-") for it in call.args)


def is_name_of_text(key: str, value: str, *, in_catalogue: bool) -> bool:
    """Is a text the name of another one, which is shown in the language of whoever looks?"""
    if in_catalogue:
        return _LABEL.fullmatch(value) is not None
    return key in _TRANSLATING and any(it.fullmatch(value) for it in (_NAME_OF_TEXT, _LABEL))
