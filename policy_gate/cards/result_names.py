"""Names by which a number is a result wherever it stands: `test_accuracy`, "F1 (macro)", "ROC-AUC"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from policy_gate.cards.field_names import name_key
from policy_gate.cards.result_columns import is_limit
from policy_gate.schema.patterns import lazy_pattern

_NAME: Final = lazy_pattern(
    r"(?:(?:test|testing|eval|evaluation|val|valid|validation|held out|holdout|final|best|overall|mean|average|macro"
    r"|micro|weighted|cv|oof) )*"
    r"(?:(?:balanced )?accuracy|acc|bal acc|f[12β](?: score)?|auc|auroc|auprc|roc auc|auc roc|pr auc|auc pr|precision"
    r"|recall|sensitivity|specificity|mcc|matthews corrcoef|r2(?: score)?|rmse|mae|mape|mse|wer|cer|bleu|chrf"
    r"|rouge ?[12l]?|perplexity|log loss|brier(?: score)?|iou|miou|dice(?: score)?|exact match)"
    r"(?: (?:macro|micro|weighted|score|test|val|validation))*"
)
_BENCHMARKS_TEXT: Final = """
    mmlu mmlu-pro mmmu gsm8k humaneval mbpp hellaswag piqa winogrande boolq truthfulqa arc-c arc-e arc-challenge
    arc-easy bbh gpqa ifeval mathvista textvqa vqav2 docvqa chartqa mmbench squad glue superglue lambada
    openbookqa triviaqa cmmlu ceval c-eval agieval mt-bench alpacaeval arena-hard livecodebench swe-bench
    imagenet librispeech fleurs xnli sst-2 mnli qnli qqp mrpc cola
    """
_BENCHMARKS: Final = frozenset(it.replace("-", " ") for it in _BENCHMARKS_TEXT.split())
"""sets of tasks by whose names tables give what was scored on them"""
_LEAST: Final = 2
"""columns with results by which a table is one of results"""


@lru_cache(maxsize=1024)
def is_result_name(name: str) -> bool:
    """Whether a key or column is by its whole name a metric, and of no training data."""
    return _NAME.fullmatch(name_key(name)) is not None


def are_results(headers: Sequence[str]) -> bool:
    """Whether the columns behind the first of a table are results."""
    found = sum(is_result_name(header) or name_key(header) in _BENCHMARKS for header in headers[1:])
    return found >= _LEAST and not any(map(is_limit, headers))
