"""O4: learning rate and scheduler."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import code, count, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, change, integer, minimizing, steps
from pai_report.analysis.model import Phase, Schedule

LEARNING_RATE = "learning_rate"


@rule(
    "PAI401",
    "learning-rate-dropped-too-quickly",
    section="O4",
    part="optimization",
    ids=("O4.1", "O4.2", "O4.3", "O4.4", "O4.5", "A22", "A23", "A24"),
    needs="tried",
    effort="script",
)
def learning_rate_dropped_too_quickly(case: Case, this: RuleIdentity) -> Outcome:
    """The learning rate fell while the score was still improving, and the gains stopped.

    What it looks for: at the first drop of a phase the five epochs before still improved and the rate of gain fell to less
    than a quarter; or half of a phase ran below 1 % of its first rate without a new best.
    Why it matters: the network had more to give at the larger rate.
    What to try: more patience or a slower decay, with `n_epochs_to_switch` at least twice the patience plus two.
    When it is wrong: noise that looks like improvement in five epochs.
    Where it comes from: O4.1 to O4.5, D11, C11.
    """
    phases = [phase for phase in case.analysis.phases if phase.lr_dropped_too_quickly]
    if case.analysis.schedule is None:
        return this.not_applicable(say("the learning rate is not recorded"), "GPA.pc.set_drawing_extra_graphs(True)")
    if not phases:
        return this.clear(say("no drop ended an improvement ({k} schedule)", k=code(case.analysis.schedule.kind)))
    if any(phase.lr_still_high for phase in case.analysis.phases):
        return this.clear(say("phases disagree: too quick in {n}, too high in others", n=count(len(phases), "phase")))
    return this.fired(
        "medium",
        "medium",
        say("The learning rate fell too early in {n}", n=count(len(phases), "phase")),
        tuple(_phase_evidence(phase) for phase in phases[:4]),
        why=(say("The score was still improving when the rate fell, and hardly improved afterwards."),),
        action=say("**Lower the learning rate later**: more patience or slower decay."),
        steps=_slower(case, case.analysis.schedule),
        next_check=say("New best scores still appear after the first drop of each phase."),
    )


@rule(
    "PAI402",
    "learning-rate-high-too-long",
    section="O4",
    part="optimization",
    ids=("O4.6", "O4.7", "O4.8", "O4.9", "O4.10", "A22", "A23", "A24"),
    needs="tried",
    effort="script",
)
def learning_rate_high_too_long(case: Case, this: RuleIdentity) -> Outcome:
    """The learning rate stayed high through a noisy plateau, or its drop was overdue.

    What it looks for: no drop in a noisy plateau at least as long as the patience; or a drop that lifts the score at once.
    Why it matters: epochs at too large a rate are lost, and dendrites are judged in the noise.
    What to try: less patience, a smaller step size or a smaller first rate.
    When it is wrong: a metric that is noisy at any learning rate.
    Where it comes from: O4.6 to O4.10, D11.
    """
    phases = [phase for phase in case.analysis.phases if phase.lr_still_high]
    if case.analysis.schedule is None:
        return this.not_applicable(say("the learning rate is not recorded"), "GPA.pc.set_drawing_extra_graphs(True)")
    if not phases:
        return this.clear(say("no overdue drop ({k} schedule)", k=code(case.analysis.schedule.kind)))
    if any(phase.lr_dropped_too_quickly for phase in case.analysis.phases):
        return this.clear(say("phases disagree: too high in {n}, too quick in others", n=count(len(phases), "phase")))
    return this.fired(
        "medium",
        "medium",
        say("The learning rate stayed high too long in {n}", n=count(len(phases), "phase")),
        tuple(_phase_evidence(phase) for phase in phases[:4]),
        why=(say("The score stood still or jumped as soon as the rate fell: the drop was due earlier."),),
        action=say("**Lower the learning rate sooner**: less patience, or a smaller first rate."),
        steps=_faster(case, case.analysis.schedule),
        next_check=say("The drop comes before the score has stood still for long."),
    )


def _phase_evidence(phase: Phase) -> Evidence:
    drops = [held for held in phase.lr_changes if not held.restart]
    at = (drops[0].epoch, drops[0].epoch) if drops else (phase.first, phase.last)
    return Evidence(
        label="drops without dendrites" if phase.sets == 0 else f"drops with {phase.sets} sets",
        value=count(len(drops)),
        file=phase.file,
        column=f"{LEARNING_RATE}, {VALIDATION}",
        epochs=at,
    )


def _slower(case: Case, schedule: Schedule) -> tuple[Step, ...]:
    match schedule.kind:
        case "plateau" if schedule.patience is not None:
            new = 2 * schedule.patience
            wait = change(case, "n_epochs_to_switch", str(max(2 * (new + 1), integer(case, "n_epochs_to_switch") or 0)))
            return steps(_scheduler("patience", str(schedule.patience), str(new), _plateau(case, new)), wait)
        case "step" if schedule.step_size is not None:
            new = 2 * schedule.step_size
            return (_scheduler("step_size", str(schedule.step_size), str(new), _step(schedule, new)),)
        case "exponential" if schedule.factor is not None:
            slower = round(schedule.factor**0.5, 3)
            return (_scheduler("gamma", f"{schedule.factor:.3g}", str(slower), f"schedArgs = {{'gamma': {slower}}}"),)
        case _:
            return (Step(text=say("Lengthen the schedule so that the rate falls about half as fast.")),)


def _faster(case: Case, schedule: Schedule) -> tuple[Step, ...]:
    match schedule.kind:
        case "plateau" if schedule.patience is not None and schedule.patience > 1:
            new = max(1, schedule.patience // 2)
            return (_scheduler("patience", str(schedule.patience), str(new), _plateau(case, new)),)
        case "step" if schedule.step_size is not None and schedule.step_size > 1:
            new = max(1, schedule.step_size // 2)
            return (_scheduler("step_size", str(schedule.step_size), str(new), _step(schedule, new)),)
        case "cosine" if schedule.t_max is not None:
            new = max(1, schedule.t_max // 2)
            return (_scheduler("T_max", str(schedule.t_max), str(new), f"schedArgs = {{'T_max': {new}}}"),)
        case _:
            return (Step(text=say("Halve the first learning rate."), code="lr = lr / 2"),)


def _scheduler(argument: str, old: str, new: str, line: str) -> Step:
    return Step(
        text=say(f"Scheduler `{argument}`: {{old}} → {{new}}.", old=code(old), new=code(new)), old=old, new=new, code=line
    )


def _plateau(case: Case, patience: int) -> str:
    mode = "min" if minimizing(case.analysis) else "max"
    return f"schedArgs = {{'mode': '{mode}', 'patience': {patience}}}"


def _step(schedule: Schedule, size: int) -> str:
    return f"schedArgs = {{'step_size': {size}, 'gamma': {schedule.factor:.3g}}}"


RULES = (learning_rate_dropped_too_quickly, learning_rate_high_too_long)
