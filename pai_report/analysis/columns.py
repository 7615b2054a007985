"""What a user's own score column holds, told by its name (D1), and whether it says anything of its own."""

import math
import re
from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.model import Scores
from pai_report.run.model import BestRow

Role = Literal["train", "test", "other"]
Sense = Literal["lower", "higher"]
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]?")
_LOWER = frozenset(
    {
        *(
            "loss",
            "losses",
            "error",
            "errors",
            "err",
            "mae",
            "mse",
            "rmse",
            "mape",
            "nll",
            "bce",
            "ce",
            "crossentropy",
            "entropy",
        ),
        *("perplexity", "ppl", "wer", "cer", "fid", "brier"),
    }
)
_HIGHER = frozenset(
    {
        *(
            "acc",
            "accuracy",
            "auc",
            "auroc",
            "auprc",
            "f1",
            "fscore",
            "precision",
            "recall",
            "map",
            "iou",
            "miou",
            "dice",
            "jaccard",
        ),
        *("r2", "psnr", "ssim", "bleu", "rouge", "kappa", "mcc", "top1", "top5", "reward", "correct", "ndcg"),
    }
)
SAME = 1e-9  # relative: numbers rewritten by another program


def role(name: str) -> Role:
    """Train or test where the name contains the word, whatever the case; the user chose the name freely."""
    lower = name.lower()
    if "train" in lower:
        return "train"
    return "test" if "test" in lower else "other"


def sense(name: str) -> Sense | None:
    """Which way is better by a column's name ("Train Loss", "trainAcc", "val_f1"); None where it names none, or both."""
    whole = re.split(r"[^a-z0-9]+", name.lower())
    words = {word.lower() for word in _CAMEL.findall(name)} | set(whole) | {word.rstrip("0123456789") for word in whole}
    lower, higher = bool(words & _LOWER), bool(words & _HIGHER)
    return None if lower == higher else "lower" if lower else "higher"


def copied_columns(rows: Sequence[BestRow]) -> frozenset[str]:
    """Further columns that repeat the validation score in every best row, so that they say nothing."""
    names = {name for row in rows for name, _ in row.extras}
    return frozenset(name for name in names if _repeats(rows, name))


def _repeats(rows: Sequence[BestRow], name: str) -> bool:
    pairs = [(row.validation, dict(row.extras).get(name)) for row in rows if row.validation is not None]
    return bool(pairs) and all(a is not None and b is not None and math.isclose(a, b, rel_tol=SAME) for a, b in pairs)


def is_copy(column: Scores, validation: Scores) -> bool:
    """Whether a column repeats the validation score in every epoch."""
    return any(score is not None for score in column) and column == validation
