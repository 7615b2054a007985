"""The learning rate and its scheduler as steps: they belong to the training script, the library only drives them."""

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase
from pai_report.advice.rule import Case
from pai_report.advice.switching import fixed_mode
from pai_report.advice.words import change, integer, minimizing, steps

PLATEAU = "GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)"
USUAL_WAIT = 10  # epochs: the library's default of n_epochs_to_switch
MOST_PATIENCE = 10  # O4.3: the largest the checklist names


def on_plateaus(case: Case, text: Phrase) -> tuple[Step, ...]:
    """A scheduler that waits for plateaus: with its own arguments, those of another one raise, and in the run's direction."""
    patience = _patience(case)
    arguments = repr({"mode": mode(case), "patience": patience})
    return steps(Step(text=text, code=f"{PLATEAU}\nschedArgs = {arguments}"), room_for(case, patience))


def room_for(case: Case, patience: int) -> Step | None:
    """The library's own wait, at least 2 · (patience + 1), so that the rate falls before a switch (O4.3, C11)."""
    return change(case, "n_epochs_to_switch", str(max(2 * (patience + 1), integer(case, "n_epochs_to_switch") or 0)))


def mode(case: Case) -> str:
    """What a scheduler counts as better in this run; torch takes smaller for better unless told otherwise."""
    return "min" if minimizing(case.analysis) else "max"


def _patience(case: Case) -> int:
    """The patience that fits twice into a phase's wait, even if that is lowered to what the run needed."""
    wait = integer(case, "fixed_switch_num" if fixed_mode(case) else "n_epochs_to_switch") or USUAL_WAIT
    convergence = case.analysis.convergence
    lowered = None if convergence is None else convergence.could_lower_to
    return min(max(min(wait, lowered or wait) // 2 - 1, 1), MOST_PATIENCE)
