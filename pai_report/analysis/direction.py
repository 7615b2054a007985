"""D0: is the score maximised or minimised? Told by a flag, the config, the script, or shown by the best rows."""

import math
from collections.abc import Iterator
from typing import Literal

from pai_report.analysis.model import Direction, Mode
from pai_report.analysis.windows import windows_of
from pai_report.run.model import BestRow, Recording, Run
from pai_report.settings import Settings

DirectionFrom = Literal["flag", "config", "script", "best-rows", "nothing"]
SAME = 1e-9  # relative: numbers rewritten by another program


def direction(run: Run, mode: Mode, settings: Settings) -> tuple[Direction, DirectionFrom]:
    """Direction of the validation score and what decided it: flag, config, script, best rows (D0)."""
    if settings.direction is not None:
        return settings.direction, "flag"
    configured = None if run.config is None else run.config.value("maximizing_score")
    if run.config is not None and configured is not None:
        return ("maximize" if configured else "minimize"), run.config.origin
    script = _script_says(run)
    if script is not None:
        return script, "script"
    shown = shown_direction(run, mode)
    return shown, "nothing" if shown == "undecided" else "best-rows"


def _script_says(run: Run) -> Direction | None:
    """The script beside a config file that does not hold the direction (3.2.0 leaves it out)."""
    told = [source for name, source, _ in (run.script.settings if run.script else ()) if name == "maximizing_score"]
    known: dict[str, Direction] = {"True": "maximize", "False": "minimize"}
    return known.get(told[-1].strip()) if told else None


def shown_direction(run: Run, mode: Mode) -> Direction:
    """What the best rows show: each holds the largest or the smallest raw validation score of its phase.

    Rows of phases that are one epoch long fit both and say nothing; rows that contradict each other decide nothing. Files from
    before 2.0 hold the largest score even when minimising. The canonical rows decide; where they cannot, those of the
    snapshots do.
    """
    if run.era == "camel-case":
        return "undecided"
    for recordings in ((run.canonical,), run.snapshots):
        votes = {vote for recording in recordings for vote in _votes(recording, mode)}
        if len(votes) == 1:
            return votes.pop()
        if votes:
            return "undecided"
    return "undecided"


def _votes(recording: Recording, mode: Mode) -> Iterator[Literal["maximize", "minimize"]]:
    scores = recording.validation.values if recording.validation else ()
    rows: tuple[BestRow, ...] = recording.best_rows or ()
    for window in windows_of(recording, mode):
        best = rows[window.sets].validation if window.kind == "neuron" and window.sets < len(rows) else None
        known = [score for score in scores[window.first : window.last + 1] if score is not None]
        if best is None or not known:
            continue
        largest, smallest = _same(best, max(known)), _same(best, min(known))
        if largest != smallest:
            yield "maximize" if largest else "minimize"


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=SAME)
