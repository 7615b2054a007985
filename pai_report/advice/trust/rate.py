"""A learning rate that cannot do its work: never lowered before a switch, never raised after one."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, rate, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.switching import fixed_mode, patience
from pai_report.advice.words import assured, change, rate_column, setting, setting_evidence, steps


@rule("PAI010", "patience-never-lowers-rate", section="O4", part="trust", ids=("M1", "C11", "O4.3"))
def patience_never_lowers_rate(case: Case, this: RuleIdentity) -> Outcome:
    """The scheduler waits as long as the library, so the learning rate is never lowered before a switch.

    What it looks for: the patience that replays the learning rate exactly, against `n_epochs_to_switch`.
    Why it matters: the switch comes first, so each phase is trained at its first learning rate only and "plateau" means
    "too large a step".
    What to try: raise `n_epochs_to_switch` to at least twice the patience plus two.
    When it is wrong: where the learning rate is meant to stay constant within a phase.
    Where it comes from: M1, C11, O4.3; the checklist raises the patience without raising `n_epochs_to_switch`.
    """
    never, schedule = case.analysis.timing.patience_never_drops, case.analysis.schedule
    wait = case.library.n_epochs_to_switch
    if wait is None:
        return this.not_applicable(say("`n_epochs_to_switch` is no number"))
    if never is None and fixed_mode(case):
        return this.not_applicable(say("in FIXED mode the library does not wait for a plateau"))
    if never is None:
        return this.not_applicable(say("the scheduler's patience could not be read from the learning rate"))
    if not never:
        shown = schedule.patience if schedule else None
        return this.clear(say("scheduler patience {p} is below n_epochs_to_switch {n}", p=count(shown), n=count(wait)))
    waits = schedule.patience if schedule and schedule.patience is not None else wait - 1
    new = max(patience(case), 2 * waits + 2)
    return this.fired(
        "critical",
        assured(case, "high", "n_epochs_to_switch"),
        say(
            "The scheduler waits {p} and the library {n}: the learning rate never drops before a switch",
            p=count(waits, "epoch"),
            n=count(wait),
        ),
        (
            Evidence(
                label="scheduler patience",
                value=count(waits),
                file=schedule.file if schedule else None,
                column=rate_column(schedule.file if schedule else None),
                epochs=schedule.epochs if schedule else None,
            ),
            setting_evidence(setting(case, "n_epochs_to_switch")),
        ),
        why=(say("Each phase then ends before a smaller learning rate could show what the network still has to give."),),
        action=say("**Wait longer before a switch**: `GPA.pc.set_n_epochs_to_switch({n})`.", n=code(str(new))),
        steps=steps(change(case, "n_epochs_to_switch", str(new))),
        next_check=say("The learning rate falls at least once in each phase."),
        differs=say(
            "The checklist raises the scheduler's patience by itself; at the library's patience of 10 it must stay below 9."
        ),
    )


@rule("PAI011", "learning-rate-not-reset", section="O4", part="trust", ids=("D11", "C6"), needs="tried", effort="script")
def learning_rate_not_reset(case: Case, this: RuleIdentity) -> Outcome:
    """After a set was added training went on at a vanishing learning rate.

    What it looks for: a first learning rate after a switch below a thousandth of the run's first one.
    Why it matters: new dendrites cannot learn at that rate; the set then looks useless.
    What to try: build optimizer and scheduler anew whenever `add_validation_score` says the model was restructured.
    When it is wrong: where the learning-rate search chose such a rate on purpose.
    Where it comes from: D11, C6; the checklist's loop does not rebuild the optimizer.
    """
    first = next((held for held in case.analysis.track.learning_rate or () if held), None)
    starts = [(held, held.lr_after) for held in case.analysis.additions if held.lr_after is not None]
    if first is None:
        return this.not_applicable(say("the learning rate is not recorded"))
    if not starts:
        return this.not_applicable(_no_start(case))
    addition, lowest = min(starts, key=lambda pair: pair[1])
    if lowest >= first * case.settings.limits.lr_lost:
        return this.clear(say("lowest start after an addition: {a} of {b}", a=rate(lowest), b=rate(first)))
    return this.fired(
        "critical",
        "medium",
        say(
            "Set {k} started at a learning rate of {a}; the run began with {b}",
            k=count(addition.set_number),
            a=rate(lowest),
            b=rate(first),
        ),
        (
            Evidence(
                label="learning rate after the addition",
                value=rate(lowest),
                file=case.analysis.track.learning_rate_file,
                column=rate_column(case.analysis.track.learning_rate_file),
                epochs=(addition.epoch + 1, addition.epoch + 1),
            ),
        ),
        why=(say("The optimizer or its scheduler was probably not rebuilt after the network changed."),),
        action=say("**Rebuild optimizer and scheduler** whenever the model was restructured."),
        steps=(
            Step(
                text=say("Inside the loop, right after the call that adds the score:"),
                code="if restructured:\n    optimizer, scheduler = build(model)",
            ),
        ),
        next_check=say("Each phase starts at the learning rate that `build(model)` gives it."),
        differs=say("The checklist's loop goes on with the old optimizer, which library 3.2.9 has taken away by then."),
    )


def _no_start(case: Case) -> Phrase:
    """Why no learning rate after an addition is known although the run's rates are."""
    if not case.analysis.additions:
        return say("no set was kept, so that no addition is in the final files")
    return say("the learning rate after the additions is not recorded")


RULES = (
    patience_never_lowers_rate,
    learning_rate_not_reset,
)
