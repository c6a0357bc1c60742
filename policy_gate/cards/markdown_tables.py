"""The numbers of tables in Markdown cards: results, groups and limits, by row or by column."""

from __future__ import annotations

from typing import Final

from policy_gate.cards.field_names import name_key
from policy_gate.cards.markdown_card import BY_GROUP, MarkdownCard
from policy_gate.cards.measured import Notes, names_no_measurement
from policy_gate.cards.piece import Piece
from policy_gate.cards.result_columns import (
    Across,
    Column,
    across,
    are_alike,
    by_its_metric,
    by_metric,
    gives_limits_across,
    has_figure,
    is_limit,
    is_of_another,
    is_own,
    limits_across,
    limits_of,
    looks_like_number,
    of_version,
    one_of_row,
    results_across,
    results_of,
    with_unit_of,
    without_counts,
)
from policy_gate.cards.text_normal import key_of

GROUP_HEADERS: Final = frozenset(
    {"group", "groups", "segment", "subgroup", "slice", "population", "demographic", "cohort"}
)
_PAIRED: Final = 2
"""columns of a table in which one number stands beside each name"""
_OVERALL: Final = "overall_performance"
_LIMITS: Final = "performance_thresholds"


class ResultTable:
    """The table that is read: its columns, and what its rows count for the card."""

    def __init__(self, card: MarkdownCard, notes: Notes) -> None:
        self.card = card
        self.notes = notes
        self.fields: tuple[str, ...] = ()
        self.around = ""
        """what says that numbers here are none that were measured"""
        self.columns: tuple[str, ...] = ()
        self.headers: tuple[str, ...] = ()
        self.column_notes: dict[str, str] = {}
        self.across: list[Across] = []

    @property
    def first(self) -> str:
        """The name of the first column; empty where no row names the columns, as in a table of HTML."""
        return self.columns[0] if self.columns else ""

    def head(self, piece: Piece) -> None:
        """A row that names the columns."""
        heads = [self.notes.without_mark(cell) for cell in piece.placed]
        self.headers = tuple(name for name, _ in heads)
        self.columns = tuple(map(name_key, self.headers))
        self.column_notes = dict(heads)

    def take(self, key: str, values: list[str], line: int, fields: tuple[str, ...], around: str) -> None:
        """The numbers of one row of a table in the section of these fields; `around` says that none was measured."""
        self.fields, self.around = fields, around
        columns: list[Column] = list(zip(self.headers[1:], values, strict=False))
        of_groups = self.first in GROUP_HEADERS
        of_row = ""
        if _OVERALL in fields and BY_GROUP not in fields and not of_groups:
            first = key
            key, columns = by_its_metric(self.headers, first, values)
            of_row = first if key != first else ""
        key, note = self.notes.without_mark(key)
        of_limits = _LIMITS in self.fields
        is_across = of_limits and gives_limits_across(self.headers, key)
        self.across += across(self.headers, key, columns, line) if is_across or _OVERALL in self.fields else ()
        if is_across:
            self._count_own(key, columns, line)
            return
        beside = self.notes.first_of((note, of_row, *(cell for header, cell in columns if not is_limit(header))))
        if BY_GROUP in self.fields and self.columns[1:2] == ("metric",) and len(values) > 1:
            if looks_like_number(values[1]):
                self.card.count_group(key, values[0], self._noted(columns[1], beside), line)
            return
        by_group = BY_GROUP in self.fields and (_OVERALL not in self.fields or of_groups)
        measured: list[Column] = []
        of_groups = of_groups or by_group
        results = results_of(columns) if of_groups else without_counts(results_of(columns))
        limits = limits_of(results, where_limits_stand=of_limits)
        for header, value in results:
            of_limit = (header, value) in limits
            if is_limit(header) and not of_limit:
                continue
            if not looks_like_number(value) and not (of_limit and has_figure(value)):
                continue
            if of_limit:
                self.card.count(_LIMITS, key, with_unit_of(header, value), line)
                continue
            written = self._noted((header, value), beside)
            if by_group and self.first in ("metric", "benchmark", "measure"):
                self.card.count_group(header, key, written, line)
            elif of_groups:
                self.card.count_group(key, header, written, line)
            elif _OVERALL in self.fields or (of_limits and is_own(header)):
                measured.append((header, written))
        self._measured(key, measured, sum(looks_like_number(cell) for _, cell in results_of(columns)), line)

    def _count_own(self, row: str, columns: list[Column], line: int) -> None:
        """What was measured, below the limits for it."""
        for name, value in columns if is_own(row) else ():
            if looks_like_number(value):
                self.card.count(_OVERALL, name, self._noted((name, value), row), line)

    def read_across(self) -> None:
        """Take from tables with a metric in each column what has a limit, and no result in any other place."""
        for it in limits_across(self.across):
            self.card.count(_LIMITS, it.metric, it.value, it.line)
        known = {key_of(name) for name in self.card.numbers.get(_OVERALL, ())}
        found = by_metric(self.across)
        for name in list(self.card.numbers.get(_LIMITS, ())):
            key = key_of(name)
            for it in results_across(found.get(key, ()), self._version()) if key not in known else ():
                self.card.count(_OVERALL, name, self.notes.noted(it.value, (it.row,)), it.line)

    def _version(self) -> str:
        """The version that the card states, where it is one."""
        stated = {text.strip() for text in self.card.texts.get("version", ())}
        return stated.pop() if len(stated) == 1 else ""

    def _noted(self, column: Column, beside: str) -> str:
        """The number of a cell, with what says of it, its column, its row or the table that it is no result."""
        header, value = column
        of_column = (header if names_no_measurement(header) else "", self.column_notes.get(header, ""))
        is_aside = is_of_another(header) and len(self.headers) == _PAIRED
        around = header if is_aside else self.around
        return self.notes.noted(with_unit_of(header, value), (*of_column, beside), around)

    def _measured(self, key: str, columns: list[Column], numbers: int, line: int) -> None:
        """One result of a row: another column is another number, such as that of a model compared with."""
        own = one_of_row(columns, numbers)
        each = of_version(columns, self._version()) if own is None and are_alike(columns) else ()
        for column in columns:
            if column is own or column in each:
                self.card.count(_OVERALL, key, column[1], line)
            elif own is None or numbers > 2:
                self.card.count(_OVERALL, f"{key} {column[0]}", column[1], line)
