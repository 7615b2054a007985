"""The learning rate and its scheduler as steps: they belong to the training script, the library only drives them."""

import math

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase
from pai_report.advice.rule import Case
from pai_report.advice.switching import fixed_mode
from pai_report.advice.words import change, minimizing, steps
from pai_report.analysis.model import Phase

RATE, SCHEDULER = "lr", "schedArgs"  # what the snippets call the two; `conflicts` gives each one value
PLATEAU = "GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)"
MOST_PATIENCE = 10  # O4.3: the largest the checklist names


def on_plateaus(case: Case, text: Phrase) -> tuple[Step, ...]:
    """A scheduler that waits for plateaus: with its own arguments, those of another one raise, and in the run's direction."""
    patience = _patience(case)
    new, old = repr({"mode": _mode(case), "patience": patience}), _in_force(case)
    given = Step(
        text=text,
        setting=SCHEDULER,
        old=repr(old) if old else None,
        new=new,
        code=f"{PLATEAU}\n{SCHEDULER} = {new}",
    )
    return steps(given, room_for(case, patience))


def rescheduled(case: Case, text: Phrase, argument: str, new: float) -> Step | None:
    """The run's own scheduler with another value of one argument; None when that is no change."""
    old = _in_force(case)
    if not old or old.get(argument) == _short(new):
        return None
    wanted = repr({**old, argument: _short(new)})
    return Step(text=text, setting=SCHEDULER, old=repr(old), new=wanted, code=f"{SCHEDULER} = {wanted}")


def restarted(text: Phrase, old: float | None, new: float) -> Step | None:
    """The learning rate with which the optimizer is built, from `old` (None: not recorded); None when that is no change."""
    before, after = None if old is None else f"{old:.3g}", f"{new:.3g}"
    if before == after:
        return None
    return Step(text=text, setting=RATE, old=before, new=after, code=f"{RATE} = {after}")


def lowered(phase: Phase, part: int, text: Phrase) -> Step:
    """The learning rate that `phase` worked down from, divided by `part`."""
    old = _start(phase)
    new = f"{RATE} / {part}" if old is None else f"{old / part:.3g}"
    return Step(text=text, setting=RATE, old=None if old is None else f"{old:.3g}", new=new, code=f"{RATE} = {new}")


def _start(phase: Phase) -> float | None:
    """The highest rate of a phase: after a warm-up it is not the first. None where it was not recorded."""
    return max((held for held in phase.learning_rate or () if held is not None and 0 < held < math.inf), default=None)


def _in_force(case: Case) -> dict[str, object]:
    """The arguments of the scheduler that was recognised; empty where it was not."""
    held = case.analysis.schedule
    if held is None:
        return {}
    own = {"patience": held.patience, "step_size": held.step_size, "gamma": _short(held.factor), "T_max": held.t_max}
    names = {"plateau": ("patience",), "step": ("step_size", "gamma"), "exponential": ("gamma",), "cosine": ("T_max",)}
    given: dict[str, object] = {name: own[name] for name in names.get(held.kind, ())}
    if not given or None in given.values():
        return {}
    return {"mode": _mode(case), **given} if held.kind == "plateau" else given


def room_for(case: Case, patience: int) -> Step | None:
    """The library's own wait, at least 2 · (patience + 1), so that the rate falls before a switch (O4.3, C11)."""
    return change(case, "n_epochs_to_switch", str(max(2 * (patience + 1), case.library.n_epochs_to_switch or 0)))


def _short(number: float | None) -> float | None:
    """A number as a snippet shows it: whole, or with three digits."""
    return float(f"{number:.3g}") if isinstance(number, float) else number


def _mode(case: Case) -> str:
    """What a scheduler counts as better in this run; torch takes smaller for better unless told otherwise."""
    return "min" if minimizing(case.analysis) else "max"


def _patience(case: Case) -> int:
    """The patience that fits twice into a phase's wait, even if that is lowered to what the run needed."""
    wait = case.library.fixed_switch_num if fixed_mode(case) else case.library.n_epochs_to_switch
    convergence = case.analysis.convergence
    shorter = None if convergence is None else convergence.could_lower_to
    return min(max(min(wait, shorter or wait) // 2 - 1, 1), MOST_PATIENCE)
