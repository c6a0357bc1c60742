"""Columns of a table of results: which holds the result, which its limit, and the unit that a column's name gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from policy_gate.cards.field_names import name_key
from policy_gate.cards.placeholders import is_placeholder
from policy_gate.cards.quantities import begins_like_number, is_known_unit, is_struck, read_number
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.patterns import lazy_pattern

Column = tuple[str, str]
"""the name of a column, and the cell of one row in it"""

_LIMITS: Final = frozenset(
    {
        "threshold", "thresholds", "minimum", "required", "target", "limit", "limits", "acceptance", "goal", "wanted",
        "requirement", "acceptable", "schwelle", "schwellenwert", "grenzwert", "zielwert", "seuil", "umbral",
        "objectif", "objetivo", "limite", "limiar", "阈值", "目标", "閾値", "目標", "soll", "sollwert", "mindestwert",
        "minimo", "mínimo",
    }
)  # fmt: skip
_AIMS: Final = frozenset({"target", "goal", "wanted", "zielwert", "objectif", "objetivo", "目标", "目標"})
"""of these, what a minimum that stands beside them does without"""
_BESIDE_LIMITS: Final = frozenset(
    {
        "value", "level", "score", "performance", "criterion", "criteria", "min", "max", "maximum", "allowed", "to",
        "pass",
    }
)  # fmt: skip
"""words that a limit's column may have beside the one that says what it is"""
_ASIDE: Final = frozenset(
    {"date", "measured", "measured on", "evaluated", "evaluated on", "as of", "version", "run", "source", "dataset"}
)
"""columns that say when and of what a number is"""
_MAY_BE_RESULTS: Final = ("measured", "evaluated")
_COUNTS: Final = frozenset(
    {
        "n", "support", "samples", "sample size", "n samples", "num samples", "number of samples", "count", "counts",
        "cases", "instances", "examples", "number of examples", "test samples", "rows", "anzahl", "fälle", "effectif",
        "soporte", "suporte", "muestras", "amostras",
    }
)  # fmt: skip
"""columns that say over how many the numbers beside them were counted"""
_OWN: Final = frozenset(
    {
        "ours", "our model", "this model", "model", "value", "values", "result", "results", "measured", "score", "test",
        "actual", "achieved", "observed", "current", "after", "now", "new", "reached", "test set", "test data",
        "test split", "held out", "heldout", "holdout", "wert", "ergebnis", "ist", "istwert", "gemessen", "erreicht",
        "valeur", "resultat", "résultat", "mesure", "mesuré", "valor", "resultado", "medido",
    }
)  # fmt: skip
_MAY_BE_METRICS: Final = frozenset({"model", "value", "values", "result", "results", "score", "test", "wert", "valor"})
_OTHERS: Final = lazy_pattern(
    r"\b(?:baseline|previous|prior|before|human|humans|reference|competitor|old|train|training|planned|expected|aim"
    r"|predecessor|vorversion|vorg[aä]nger|vorher|bisher|referenz|(?:version )?pr[eé]c[eé]dente?|(?:version )?anterior"
    r"|sota|state of the art|published|random|chance|projected|withdrawn|last release|earlier|formerly)\b"
)
"""columns of what a result is compared with"""
_CHOSEN: Final = lazy_pattern(
    r"\b(?:best|max(?:imum)?|highest|peak|claimed|advertised|promised|vendors?|manufacturers?|suppliers?|beste[rsn]?"
    r"|meilleure?|mejor|melhor)\b"
)
"""columns of the best of several runs, or of what somebody else says, beside which stands what was measured"""
_COMPARED: Final = lazy_pattern(
    r"(?!(?:ours?|this|vs|versus|over|above|beats)\b)(?:\w+ (?!vs\b|versus\b|over\b)){1,2}baselines?"
    r"|(?:previous|prior|former|last|earlier) (?:model|version|release|system)"
)
"""names in several words of what a result is compared with; "old data" may be data that the model has to bear"""
_MODELS: Final = frozenset({"model", "models", "system", "systems", "method", "approach", "name"})
_METRICS: Final = frozenset({"metric", "metrics", "measure", "metrik", "métrica", "métrique", "指标", "指標"})
_VERSIONS: Final = frozenset({"version", "model version", "release", "versión", "versão"})
_FIGURES: Final = lazy_pattern(r"\d[\d.]*")
_PAIR: Final = 2
_VERSION: Final = lazy_pattern(r"\W*(?:version|release|ver|v)?[ .]*(?P<number>\d[\w.-]*)", re.IGNORECASE)
_OF_DATA: Final = lazy_pattern(
    r"(?:old|older|previous|prior|earlier|last|former)(?: \w+)? (?:data|dataset|datasets|set|sets|split|year|month"
    r"|quarter|cohort|patients|customers|images|scans)"
)
"""a row of data from another time: the model is the same"""
_SIGNED: Final = lazy_pattern(
    r"(?P<name>[^\W\d_](?:[^:<>=≤≥≦≧⩽⩾\n]{0,40}?[^\s:<>=≤≥≦≧⩽⩾])?)\s*(?P<value>(?:[<>]=?|[≤≥≦≧⩽⩾]"
    r"|\b(?:at least|at most|no (?:less|more|lower|higher) than|not (?:less|more) than|below|under|above|over"
    r"|less than|more than|min(?:imum)?\.?|max(?:imum)?\.?)\b)\s*:?\s*[-−+$€£]?[.\d].*)",
    re.IGNORECASE,
)
"""a metric, and its limit behind a sign"""
_NAME_WORDS: Final = 4
"""words of a metric's name that stands before a sign, at most"""
_BETWEEN_LIMITS: Final = lazy_pattern(r"\s*(?:[;,](?!\d)|\n|\b(?:and|und|et|y|e)\b)\s*")
_YEARS: Final = range(1900, 2200)
_UNIT: Final = lazy_pattern(r"[(\[（]\s*(?:in\s+)?(?P<unit>[^\W\d_]{1,12})\s*[)\]）]\s*\Z")


def is_limit(header: str) -> bool:
    """Whether a column holds what the numbers beside it have to reach."""
    words = set(name_key(header).split())
    return bool(words & _LIMITS) and words <= _LIMITS | _BESIDE_LIMITS


def limits_of(columns: Sequence[Column], *, where_limits_stand: bool) -> list[Column]:
    """The columns of a row that hold limits: by their names, else all of a table that is about limits.

    Of a minimum and an aim the minimum is the limit: an aim that is missed is no reason not to run.
    """
    named = [it for it in columns if is_limit(it[0])]
    least = [it for it in named if has_figure(it[1]) and not _AIMS.intersection(name_key(it[0]).split())]
    return least or named or (list(columns) if where_limits_stand else [])


def has_figure(text: str) -> bool:
    """Whether a limit in words has a figure in it, struck text aside."""
    return bool(re.search(r"\d", text)) and not is_struck(text) and not is_placeholder(text)


def is_own(header: str) -> bool:
    """Whether a column is by its name of the model's own results."""
    return name_key(header) in _OWN


def results_of(columns: Sequence[Column]) -> list[Column]:
    """The columns that say how good and how good it must be; none that only say when and of what."""
    return [column for column in columns if not _is_aside(*column)]


def _is_aside(header: str, cell: str) -> bool:
    key = name_key(header)
    if key in _MAY_BE_RESULTS and (number := read_number(cell)) is not None:
        return number.value in _YEARS
    return key in _ASIDE


def without_counts(columns: Sequence[Column]) -> list[Column]:
    """The columns without those that say over how many was counted, where another holds a number."""
    kept = [it for it in columns if name_key(it[0]) not in _COUNTS]
    return kept if any(looks_like_number(cell) for _, cell in kept) else list(columns)


def by_its_metric(headers: Sequence[str], key: str, values: Sequence[str]) -> tuple[str, list[Column]]:
    """The metric of a row and its numbers: "Dataset | Metric | Value" names it in a column of its own.

    Where each row is a model the first column stays the name, and so it does for what results are compared with.
    """
    columns: list[Column] = list(zip(headers[1:], values, strict=False))
    at = next((i for i, (header, _) in enumerate(columns) if name_key(header) in _METRICS), None)
    of_models = not headers or name_key(headers[0]) in _MODELS | _METRICS or is_of_another(key)
    if at is None or of_models or not columns[at][1].strip() or looks_like_number(columns[at][1]):
        return key, columns
    return columns[at][1], columns[:at] + columns[at + 1 :]


def limits_in(text: str) -> Iterator[Column]:
    """The limits of a line of nothing but metrics with a sign and a number: "accuracy ≥ 0.85, FPR at most 2 %"."""
    parts = [part for part in _BETWEEN_LIMITS.split(text.strip(" \t\n*_`.;-•")) if part.strip()]
    found = [_SIGNED.fullmatch(part.strip(" *_`")) for part in parts]
    for it in found if all(found) else ():
        if it is None or it["name"].count(" ") >= _NAME_WORDS:
            continue
        if read_number(it["value"], of_limit=True) is not None:
            yield it["name"].strip(" *_`"), it["value"]


def own_of(columns: Sequence[Column]) -> Column | None:
    """Of several results of one row, the model's own, by its column's name or by those of the others."""
    own = [column for column in columns if name_key(column[0]) in _OWN]
    own = own or [column for column in columns if not _OTHERS.search(name_key(column[0]))]
    if len(own) > 1:
        own = [column for column in own if not _CHOSEN.search(name_key(column[0]))]
    return own[0] if len(own) == 1 else None


def one_of_row(columns: Sequence[Column], numbers: int) -> Column | None:
    """Of the results of one row, that of the model itself; `numbers` counts its limits, too."""
    if len(columns) <= 2 or numbers > len(columns):
        own = own_of(columns)
        return own or (next(iter(columns), None) if numbers <= 2 and not are_alike(columns) else None)
    named = [column for column in columns if is_own(column[0])]
    return named[0] if len(named) == 1 else None


def are_alike(columns: Sequence[Column]) -> bool:
    """Whether two columns are of the same kind, one run, year or version after the other."""
    names = {header.strip().casefold() for header, _ in columns}
    return len(columns) == len(names) == _PAIR and len({_FIGURES.sub("", name) for name in names}) == 1


def of_version(columns: Sequence[Column], version: str) -> Sequence[Column]:
    """Of such columns that of a version, else all: of several numbers the least good counts."""
    return [it for it in columns if _names_version(it[0], version)] or columns


def is_of_another(header: str) -> bool:
    """Whether a column is by its whole name of what a result is compared with."""
    return any(it.fullmatch(name_key(header)) for it in (_OTHERS, _COMPARED))


def looks_like_number(text: str) -> bool:
    """Whether a cell or value is meant as one: whether it can be read as one is for the metric to say."""
    return len(text.strip(" *_`")) <= 60 and begins_like_number(text) and not is_struck(text)


def with_unit_of(header: str, cell: str) -> str:
    """The cell with the unit that its column names, where it is a number without one."""
    found = _UNIT.search(header)
    if found is None or not is_known_unit(found["unit"]) or re.search(r"[^\W\d_]|[%/]", cell):
        return cell
    return f"{cell} {found['unit']}"


class Across(NamedTuple):
    """A number of a table that may have a metric in each column and a run, a model or a set of data in each row."""

    rows: str
    """what the rows are, by the first column's name"""
    row: str
    metric: str
    value: str
    line: int


def across(headers: Sequence[str], key: str, columns: Sequence[Column], line: int) -> list[Across]:
    """The numbers of one row by the names of their columns; the first column counts where it holds a number, too."""
    rows = headers[0] if headers else ""
    first = [(rows, key)] if looks_like_number(key) and rows and name_key(rows) not in _VERSIONS else []
    found = [*first, *columns]
    row = "" if first else key
    return [Across(rows, row, name, with_unit_of(name, cell), line) for name, cell in found if looks_like_number(cell)]


def gives_limits_across(headers: Sequence[str], row: str) -> bool:
    """Whether a row of a table about limits has a metric in each column: it is called a limit, or what was measured."""
    names = [name_key(header) for header in headers[1:]]
    if not all(names) or any(is_limit(name) or name in _OWN for name in names):
        return False
    return is_limit(row) or name_key(row) in _OWN - _MAY_BE_METRICS or is_of_another(row)


def limits_across(found: Iterable[Across]) -> Iterator[Across]:
    """The limits among them: the numbers of a row that is called so, in columns that are not."""
    return (it for it in found if is_limit(it.row) and not is_limit(it.metric) and name_key(it.metric) not in _OWN)


def by_metric(found: Iterable[Across]) -> dict[str, list[Across]]:
    """The results among them, by the words of their metrics."""
    kept: dict[str, list[Across]] = {}
    for it in found:
        if not is_limit(it.row):
            kept.setdefault(key_of(it.metric), []).append(it)
    return kept


def results_across(rows: Sequence[Across], version: str = "") -> Sequence[Across]:
    """The results of one metric: the model's own row, else every row, of which the least good counts.

    Where each row is a model, and none is told to be this one, there is none. Of rows of versions that of this
    `version` counts; rows of other data are all of this model.
    """
    mine = [it for it in rows if _is_version(it, version)]
    if mine:
        return mine
    of_data = any(_OF_DATA.fullmatch(name_key(it.row)) for it in rows)
    own = None if of_data else own_of([(it.row, it.value) for it in rows])
    if own is not None:
        return [it for it in rows if (it.row, it.value) == own]
    is_of_models = name_key(rows[0].rows) in _MODELS if rows else False
    return [] if is_of_models else [it for it in rows if not is_of_another(it.row)]


def _is_version(it: Across, version: str) -> bool:
    """Whether a row is that of this version, in a table with one in each row."""
    return name_key(it.rows) in _VERSIONS and _names_version(it.row, version)


def _names_version(name: str, version: str) -> bool:
    found, wanted = _VERSION.match(name), _VERSION.match(version)
    is_other = found is None or bool(_OTHERS.search(name_key(name[found.end() :].strip(" ()[]-–—:,"))))
    return bool(version) and not is_other and _number(found) == _number(wanted)


def _number(found: re.Match[str] | None) -> str:
    return re.sub(r"(?:\.0)+\Z", "", found["number"]) if found else ""
