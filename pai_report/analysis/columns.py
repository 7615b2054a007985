"""What a user's own score column holds, told by its name (D1), and whether it says anything of its own."""

import math
from collections.abc import Sequence
from typing import Literal

from pai_report.analysis.model import Scores
from pai_report.run.model import BestRow

Role = Literal["train", "test", "other"]
SAME = 1e-9  # relative: numbers rewritten by another program


def role(name: str) -> Role:
    """Train or test where the name contains the word, whatever the case; the user chose the name freely."""
    lower = name.lower()
    if "train" in lower:
        return "train"
    return "test" if "test" in lower else "other"


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
