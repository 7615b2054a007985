"""What should have changed and did not, so that the scores say nothing about dendrites."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, count, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, size_column

COUNT = "print(UPA.count_params(model))"


@rule("PAI019", "set-added-nothing", section="X", part="trust", ids=("C12",), needs="files", effort="script")
def set_added_nothing(case: Case, this: RuleIdentity) -> Outcome:
    """A dendrite set was added and the network has as many parameters as before.

    What it looks for: equal parameter counts of two networks that follow each other, both recorded.
    Why it matters: a set adds weights to every converted module; a network that did not grow has no new dendrites, so that
    a gain after it is none of theirs. Where no set added any, no verdict on dendrites is given.
    What to try: see which modules were converted, and count the parameters before and after the model is perforated.
    When it is wrong: files whose parameter counts were written by hand or copied from one row to the next.
    Where it comes from: C12; no counterpart in the checklist.
    """
    kept = [row for row in case.analysis.gains.architectures if row.outcome != "rejected"]
    same = case.analysis.added_nothing
    if not same:
        known = sum(row.parameters is not None for row in kept)
        if known < 2:
            return this.not_applicable(say("fewer than two network sizes are recorded"), COUNT)
        return this.clear(say("{n}, each of another size than the one before", n=count(known, "network")))
    file, sizes = case.analysis.file("parameter-counts"), {row.sets: row.parameters for row in kept}
    first = same[0]
    return this.fired(
        "invalid" if len(same) == case.analysis.lifecycle.kept else "high",
        "high",
        _title(same, sizes[first]),
        (
            Evidence(label=f"parameters before set {first}", value=count(sizes[first]), file=file, column=size_column(file)),
            Evidence(label=f"parameters with set {first}", value=count(sizes[first]), file=file, column=size_column(file)),
        ),
        why=(say("A set adds weights to every converted module. Equal counts say that no module got any."),),
        action=say("**See which modules were converted**: the network did not grow when a set was added."),
        steps=(
            Step(text=say("Count the parameters before and after the model is perforated, and after each set."), code=COUNT),
        ),
        next_check=say("Each network has more parameters than the one before."),
    )


def _title(same: tuple[int, ...], size: int | None) -> Phrase:
    if len(same) == 1:
        return say("Set {k} added no parameters: {n} before and after", k=count(same[0]), n=count(size))
    return say("{s} added no parameters, the first with {n} before and after", s=count(len(same), "set"), n=count(size))


@rule("PAI021", "score-never-changes", section="X", part="trust", ids=("D1",), needs="files", effort="script")
def score_never_changes(case: Case, this: RuleIdentity) -> Outcome:
    """The validation score is the same in every epoch.

    What it looks for: one value in all epochs of the main files, of the rolled-back tails and of the rejected tries.
    Why it matters: a score that never moves shows neither learning nor dendrites; equal bests are no verdict on them.
    What to try: see whether the score is computed anew in each epoch, and whether the network's weights change at all.
    When it is wrong: a task that is solved completely from the first epoch on.
    Where it comes from: D1; no counterpart in the checklist.
    """
    recorded = [level for level in case.analysis.track.validation if level is not None]
    if not recorded:
        return this.not_applicable(say("no validation score is a number"))
    if not case.analysis.never_changes:
        return this.clear(say("scores from {a} to {b}", a=score(min(recorded)), b=score(max(recorded))))
    last = len(case.analysis.track.validation) - 1
    return this.fired(
        "invalid",
        "high",
        say("Validation is {a} in every epoch", a=score(recorded[0])),
        (
            Evidence(
                label="the only score",
                value=score(recorded[0]),
                file=case.analysis.track.file,
                column=VALIDATION,
                epochs=(0, last),
            ),
        ),
        why=(say("Neither training nor dendrites moved it, so it can tell nothing about either."),),
        action=say("**Find out why the score stands still**: is it computed anew in each epoch, and do the weights change?"),
        steps=(Step(text=say("Print the score and the first weights in two epochs that follow each other.")),),
        next_check=say("The validation column holds more than one value."),
    )


RULES = (set_added_nothing, score_never_changes)
