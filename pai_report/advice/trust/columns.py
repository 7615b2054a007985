"""Scores and sizes that cannot be taken at face value."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import count, name, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, change, round_up, scores_evidence, setting, setting_evidence, steps

TEST = "GPA.pai_tracker.add_test_score(test_score, 'Test')"
TRAIN = "GPA.pai_tracker.add_extra_score(train_score, 'Train')"


@rule("PAI007", "score-not-a-number", section="X", part="trust", ids=("D1",), needs="files", effort="script")
def score_not_a_number(case: Case, this: RuleIdentity) -> Outcome:
    """Validation was not a finite number in some epoch.

    What it looks for: empty, NaN or infinite cells in the validation column.
    Why it matters: with the default settings one such epoch empties every later running score of its phase; the phase can
    no longer improve and the run falls back to the epoch before.
    What to try: find what made the metric undefined in that epoch, and train again from the start.
    When it is wrong: a metric that is rightly undefined in some epoch and was skipped on purpose.
    Where it comes from: D1; no counterpart in the checklist.
    """
    gaps = case.analysis.track.recorded_gaps
    if not case.analysis.track.file:
        return this.not_applicable(say("no epochs are recorded"))
    if not gaps:
        return this.clear(say("{n}, each with a finite score", n=count(case.analysis.lifecycle.budget.recorded, "epoch")))
    return this.fired(
        "invalid",
        "high",
        say(
            "Validation is not a number in {n}, the first of them epoch {e}"
            if len(gaps) > 1
            else "Validation is not a number in epoch {e}",
            n=count(len(gaps), "epoch"),
            e=count(gaps[0]),
        ),
        (
            Evidence(
                label="first such epoch",
                value=count(gaps[0]),
                file=case.analysis.track.file,
                column=VALIDATION,
                epochs=(gaps[0], gaps[0]),
            ),
        ),
        why=(say("From that epoch on the library could not see an improvement before the next switch."),),
        action=say("**Find the cause first**: validation was not a number in epoch {e}.", e=count(gaps[0])),
        steps=(
            Step(
                text=say("Stop the run where it happens, so that the batch can be looked at."),
                code="assert math.isfinite(val_score), f'validation is {val_score} in epoch {epoch}'",
            ),
        ),
        next_check=say("The validation column has a number in every row."),
    )


@rule("PAI008", "score-not-positive", section="X", part="trust", ids=("C18",))
def score_not_positive(case: Case, this: RuleIdentity) -> Outcome:
    """The best score is zero or negative, so the relative improvement threshold does not work.

    What it looks for: a best score at or below zero.
    Why it matters: the library compares with `new * (1 - threshold)`; for negative scores that is always passed, and a best
    of exactly zero counts as "not set".
    What to try: shift the metric above zero, or let `improvement_threshold_raw`, an absolute floor, decide.
    When it is wrong: never; it follows from the library's formula.
    Where it comes from: C18; no counterpart in the checklist.
    """
    held = [row for row in case.analysis.gains.architectures if row.best is not None]
    low = [row for row in held if row.best is not None and row.best <= 0]
    if not held:
        return this.not_applicable(say("no best score is recorded"))
    if not low:
        return this.clear(say("best scores are positive ({b})", b=score(held[0].best)))
    lowest = min((value for value in case.analysis.track.validation if value is not None), default=0.0)
    return this.fired(
        "critical",
        "high",
        say(
            "The best score is {b}: the improvement threshold has no effect on scores that are not positive",
            b=score(low[0].best),
        ),
        (
            scores_evidence(case, "best score", low[0].best, low[0].epoch),
            setting_evidence(setting(case, "improvement_threshold")),
            setting_evidence(setting(case, "improvement_threshold_raw")),
        ),
        why=(say("Only the absolute floor decides what counts as an improvement, so noise is accepted as progress."),),
        action=say("**Shift the metric above zero**, for example by a constant, before it is handed to the library."),
        steps=_positive_steps(case, lowest),
        next_check=say("The first best score is above zero."),
    )


def _positive_steps(case: Case, lowest: float) -> tuple[Step, ...]:
    """Shift by twice the depth of the lowest score; or set the absolute floor to this run's noise, where that is known."""
    shift = round_up(2 * -lowest) if lowest < 0 else 1.0
    test = case.analysis.gains.test
    floor = round_up(test.floor) if test is not None and test.floor else None
    return steps(
        Step(text=say("Add a constant that keeps every score positive."), code=f"val_score = val_score + {shift:g}"),
        None
        if floor is None
        else change(
            case, "improvement_threshold_raw", f"{floor:g}", text=say("Or set the absolute floor to about this run's noise.")
        ),
    )


@rule("PAI013", "training-column-starts-late", section="X", part="trust", ids=("D1", "A13"), effort="script")
def training_column_starts_late(case: Case, this: RuleIdentity) -> Outcome:
    """The training score was recorded in some epochs only.

    What it looks for: a training column with fewer values than validation.
    Why it matters: the library stores such a column without its epochs, so its values stand beside the wrong validation
    scores and in the wrong rows of the best scores; no gap can be computed from it.
    What to try: record it in every epoch from the first one on, before the validation score.
    When it is wrong: never; the lengths differ.
    Where it comes from: D1, A13; the checklist compares the two without looking at their lengths.
    """
    held = case.analysis.generalization
    if held is None:
        return this.not_applicable(say("no training score is recorded"), TRAIN)
    if held.not_comparable != "misaligned":
        return this.clear(say("the training column has a value for every epoch"))
    recorded = next((series for column, _role, series in case.analysis.track.extras if column == held.column), ())
    return this.fired(
        "low",
        "high",
        say(
            "The training score was recorded in {n} of {m} only, so the gap to validation cannot be told",
            n=count(len(recorded)),
            m=count(case.analysis.lifecycle.budget.recorded, "epoch"),
        ),
        (
            Evidence(
                label="values in the column", value=count(len(recorded)), file=case.analysis.track.file, column=held.column
            ),
        ),
        why=(say("The library does not store the epochs of such a column: its values stand beside the wrong scores."),),
        steps=(Step(text=say("Record it in every epoch, before the validation score."), code=TRAIN),),
        next_check=say("The column {c} has as many values as there are epochs.", c=name(held.column)),
    )


@rule("PAI014", "sizes-unreliable", section="O9", part="trust", ids=("I5.2", "D14"), needs="files")
def sizes_unreliable(case: Case, this: RuleIdentity) -> Outcome:
    """The library counted the base network twice in the parameter counts.

    What it looks for: the first count is exactly twice the base size that the later counts imply.
    Why it matters: every size and every percentage of growth from these files is wrong and cannot be repaired from them.
    What to try: count again with `UPA.count_params(model)` on a library from 3.0.3 on.
    When it is wrong: with a single set, or perforated backpropagation, the pattern cannot be told apart.
    Where it comes from: D14 (versions 2.0.0 to 3.0.1); no counterpart in the checklist.
    """
    efficiency = case.analysis.efficiency
    if not efficiency.doubled_base:
        if efficiency.doubled_base is None:
            return this.not_applicable(say("too few parameter counts to tell whether the base network is counted twice"))
        return this.clear(say("the base network is counted once in the parameter counts"))
    return this.fired(
        "low",
        "high",
        say("Network sizes are unreliable: this library version counts the base network twice"),
        (
            Evidence(
                label="first parameter count",
                value=count(efficiency.baseline),
                file=case.analysis.file("parameter-counts"),
                column="Param Count",
            ),
        ),
        why=(say("Read the sizes as labels of the networks, not as numbers of weights; growth in percent is not given."),),
        steps=(Step(text=say("Count the parameters of the model itself."), code="print(UPA.count_params(model))"),),
        next_check=say("With library 3.0.3 or newer the first count is the size of the model before it is perforated."),
    )


@rule("PAI015", "test-column-is-a-copy", section="X", part="trust", ids=("A18",))
def test_column_is_a_copy(case: Case, this: RuleIdentity) -> Outcome:
    """The column called test repeats the validation scores.

    What it looks for: a test column equal to validation in every row of the best scores.
    Why it matters: older library versions write such a copy when no test score is given; it is no test result.
    What to try: record one with `GPA.pai_tracker.add_test_score(test_score, 'Test')`.
    When it is wrong: never seen so; independent scores do not agree in every digit.
    Where it comes from: A18; the checklist takes the column for test scores.
    """
    if not case.analysis.gains.test_is_copy:
        return this.clear(say("no test column repeats validation"))
    return this.fired(
        "low",
        "high",
        say("There is no test result: the test column repeats validation in every row"),
        (
            Evidence(
                label="rows compared",
                value=count(len(case.analysis.gains.architectures)),
                file=case.analysis.file("best-scores"),
                column="Max Test Scores",
            ),
        ),
        why=(say("Versions before 3.0.9 fill the column with validation scores when no test score was given."),),
        steps=(
            Step(
                text=say("Record a test score before each validation score."),
                code=TEST,
            ),
        ),
        next_check=say("Test and validation differ in some row."),
    )


RULES = (
    score_not_a_number,
    score_not_positive,
    training_column_starts_late,
    sizes_unreliable,
    test_column_is_a_copy,
)
