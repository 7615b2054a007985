"""Can the files be trusted? What makes everything below void, and what the reader must know about the data."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import code, count, epochs, name, rate, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    VALIDATION,
    assured,
    change,
    integer,
    minimizing,
    scores_evidence,
    setting,
    setting_evidence,
    steps,
)


@rule("PAI001", "wrong-direction", section="X", part="trust", ids=("X4", "C17"), needs="files")
def wrong_direction(case: Case, this: RuleIdentity) -> Outcome:
    """The library maximises a score that should fall, or the reverse.

    What it looks for: the configuration says "maximise", the best rows are maxima, and yet the validation score and a
    training score on the same scale fall together from the first phase on.
    Why it matters: the library then keeps the worst network of every phase as its best one; nothing below is true.
    What to try: pass `maximizing_score=False` where the model is perforated, and train again.
    When it is wrong: a score that rightly falls for a while, for example after too large a learning rate.
    Where it comes from: X4, C17; no counterpart in the checklist.
    """
    analysis = case.analysis
    if not (analysis.wrong_direction or analysis.wrong_direction_hint):
        return this.clear(say("scores move the way they are judged ({way})", way=code(analysis.identity.direction)))
    sure = analysis.wrong_direction
    right = "True" if minimizing(analysis) else "False"
    first, last = analysis.phases[0].first, analysis.phases[0].last
    return this.fired(
        "invalid" if sure else "low",
        "high" if sure else "low",
        say(
            "Validation gets steadily worse in the direction the library improves ({a} to {b})",
            a=score(analysis.phases[0].series[0]),
            b=score(analysis.phases[0].series[-1]),
        ),
        (
            Evidence(
                label="first phase",
                value=epochs((first, last)),
                file=analysis.phases[0].file,
                column=VALIDATION,
                epochs=(first, last),
            ),
            setting_evidence(setting(case, "maximizing_score")),
        ),
        why=(
            say(
                "The best network of each phase is then the worst one, and every later step starts from it."
                if sure
                else "That can be a metric judged the wrong way round, or a run that simply got worse."
            ),
        ),
        action=say("**Turn the direction round**: `maximizing_score={right}`, then train again.", right=code(right)),
        steps=steps(change(case, "maximizing_score", right)),
        next_check=say("The best row of each network should then be the score you would call best."),
    )


@rule("PAI002", "capacity-test", section="X", part="trust", ids=("X3", "F4"), needs="files")
def capacity_test(case: Case, this: RuleIdentity) -> Outcome:
    """The run is the library's self-test, or adds a set every epoch.

    What it looks for: `testing_dendrite_capacity` in the configuration, or at least two dendrite sets with every phase one
    epoch long.
    Why it matters: such a run shows that dendrites can be added, not what they are worth; its scores rise because the
    network is still untrained.
    What to try: `GPA.pc.set_testing_dendrite_capacity(False)` before the model is perforated; in a run that adds a set
    every epoch also `GPA.pc.set_switch_mode(GPA.pc.DOING_HISTORY)`.
    When it is wrong: never seen so; a real run trains every phase for more than one epoch.
    Where it comes from: X3, F4; no counterpart in the checklist.
    """
    identity, lifecycle = case.analysis.identity, case.analysis.lifecycle
    if not (identity.capacity_test or identity.every_epoch):
        return this.clear(say("phases are longer than one epoch"))
    self_test = identity.capacity_test
    return this.fired(
        "invalid",
        "high",
        say(
            "{sets} were added in {rows}: this is a test of the set-up, not an experiment",
            sets=count(lifecycle.kept, "dendrite set"),
            rows=count(lifecycle.budget.recorded, "epoch"),
        ),
        (
            Evidence(
                label="switch rows",
                value=count(len(lifecycle.switch_epochs or ())),
                file=case.analysis.file("switch-epochs"),
                column="Switch Epoch",
            ),
            Evidence(
                label="epochs recorded",
                value=count(lifecycle.budget.recorded),
                file=case.analysis.track.file,
                column=VALIDATION,
            ),
        ),
        why=(
            say("Every phase is one epoch long, so each score belongs to a network that has hardly been trained."),
            say("The rise from row to row is ordinary learning; none of it can be credited to dendrites."),
        ),
        action=say("**Start the real run**: `GPA.pc.set_testing_dendrite_capacity(False)` before the model is perforated."),
        steps=_leave_test(case, self_test=self_test),
        next_check=say("A real run leaves a `_config.json` beside its scores and trains each phase until it stops improving."),
    )


def _leave_test(case: Case, *, self_test: bool) -> tuple[Step, ...]:
    off = change(case, "testing_dendrite_capacity", "False", text=say("Switch the self-test off; it is on by default."))
    wait = Step(
        text=say("If the self-test is off already, let the library wait for a plateau before it adds a set."),
        setting="switch_mode",
        new="GPA.pc.DOING_HISTORY",
        code="GPA.pc.set_switch_mode(GPA.pc.DOING_HISTORY)",
    )
    return steps(off) if self_test and not case.analysis.identity.every_epoch else steps(off, wait)


@rule("PAI003", "setting-ignored", section="X", part="trust", ids=("X1", "F3", "C4", "T1.6"), needs="files", effort="script")
def setting_ignored(case: Case, this: RuleIdentity) -> Outcome:
    """The training script calls a setting that the library does not have.

    What it looks for: `set_…` or `append_…` calls on the configuration whose name is in no released version.
    Why it matters: the library prints one line and ignores the call; the run used another value than its author believes.
    What to try: use the real name; for `n_epochs_for_switch_history` that is `n_epochs_to_switch`.
    When it is wrong: a setting newer than the versions this report knows.
    Where it comes from: X1, F3, C4, T1.6 (the checklist itself names such a setting).
    """
    script = case.analysis.identity.script
    if script is None:
        return this.not_applicable(say("no training script was given"))
    unknown = [(held, line) for held, line in script.setters if held in KNOWN_MISTAKES]
    if not unknown:
        return this.clear(say("{n} in the script, none known to be ignored", n=count(len(script.setters), "setter call")))
    wrong, line = unknown[0]
    right = KNOWN_MISTAKES[wrong]
    return this.fired(
        "invalid",
        "high",
        say("The script calls {wrong}, which the library does not have and silently ignores", wrong=code(wrong)),
        (Evidence(label=f"line {line}", value=code(wrong), file=script.file),),
        why=(say("The run used the library's default instead of the value in the script."),),
        action=say("**Correct the setting**: use {right} in place of {wrong}.", right=code(right), wrong=code(wrong)),
        steps=(
            Step(
                text=say("Replace {wrong} by {right}.", wrong=code(wrong), right=code(KNOWN_MISTAKES[wrong])),
            ),
        ),
        differs=say("The checklist names {wrong}; no released version has it.", wrong=code(wrong)),
    )


KNOWN_MISTAKES = {
    "set_n_epochs_for_switch_history": "set_n_epochs_to_switch",
    "set_n_fixed_switch_num": "set_fixed_switch_num",
    "set_when_to_switch_mode": "set_switch_mode",
    "set_input_dimensions": "set_output_dimensions",
    "set_debugging_memory_leak": "nothing",
}


@rule("PAI005", "leftover-snapshots", section="X", part="trust", ids=("D15",), needs="files")
def leftover_snapshots(case: Case, this: RuleIdentity) -> Outcome:
    """Snapshots of earlier runs lie in the folder.

    What it looks for: snapshot files whose opening scores differ from the canonical ones.
    Why it matters: a rerun under the same save name overwrites the main files but leaves time-stamped snapshots of the
    earlier run; who counts files counts them too.
    What to try: a new `save_name` for every run.
    When it is wrong: never seen so; equal opening scores to full precision do not happen by chance.
    Where it comes from: D15 and formats.md section 6; no counterpart in the checklist.
    """
    left = case.analysis.lifecycle.leftovers
    if not left:
        return this.clear(say("{n}, all of this run", n=count(case.analysis.lifecycle.snapshots, "snapshot")))
    return this.fired(
        "low",
        "high",
        say("The folder also holds {n} of earlier runs under the same save name, left out here", n=count(left, "snapshot")),
        (Evidence(label="snapshots left out", value=count(left), file=case.analysis.track.file, column=VALIDATION),),
        why=(say("Their opening scores differ from this run's, so every count here leaves them out."),),
        steps=(Step(text=say("Use a new save name for every run, so that files of two runs never share a folder.")),),
    )


@rule("PAI007", "score-not-a-number", section="X", part="trust", ids=("D1",), needs="files", effort="script")
def score_not_a_number(case: Case, this: RuleIdentity) -> Outcome:
    """Validation was not a finite number in some epoch.

    What it looks for: empty, NaN or infinite cells in the validation column.
    Why it matters: with the default settings one such epoch empties every later running score of its phase; the phase can
    no longer improve and the run falls back to the epoch before.
    What to try: find what made the metric undefined in that epoch, and train again from the start.
    When it is wrong: a metric that is rightly undefined in some epoch and was skipped on purpose.
    Where it comes from: formats.md section 3; no counterpart in the checklist.
    """
    gaps = case.analysis.track.recorded_gaps
    if not gaps:
        return this.clear(say("every one of {n} has a finite score", n=count(case.analysis.lifecycle.budget.recorded, "epoch")))
    return this.fired(
        "invalid",
        "high",
        say("Validation is not a number in {n}, first in epoch {e}", n=count(len(gaps), "epoch"), e=count(gaps[0])),
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
        action=say("**Find the NaN first**: validation was not a number in epoch {e}.", e=count(gaps[0])),
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
    What to try: shift the metric above zero, or rely on `improvement_threshold_raw`.
    When it is wrong: never; it follows from the library's formula.
    Where it comes from: C18; no counterpart in the checklist.
    """
    held = [row for row in case.analysis.gains.architectures if row.best is not None]
    low = [row for row in held if row.best is not None and row.best <= 0]
    if not held:
        return this.not_applicable(say("no best score is recorded"))
    if not low:
        return this.clear(say("best scores are positive ({b})", b=score(held[0].best)))
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
        steps=(Step(text=say("Add a constant that keeps every score positive."), code="val_score = val_score + 1000.0"),),
    )


@rule("PAI009", "lookback-with-loss", section="X", part="trust", ids=("C19",))
def lookback_with_loss(case: Case, this: RuleIdentity) -> Outcome:
    """A running mean over several epochs is used while a loss is minimised.

    What it looks for: `history_lookback` above 1 in a minimising run.
    Why it matters: the running mean is seeded with 0, so the best value is one that the network never reached.
    What to try: `GPA.pc.set_history_lookback(1)`.
    When it is wrong: with a version that seeds the mean otherwise.
    Where it comes from: C19; no counterpart in the checklist.
    """
    lookback = integer(case, "history_lookback") or 1
    if not minimizing(case.analysis) or lookback <= 1:
        return this.clear(say("history_lookback is {n}", n=count(lookback)))
    return this.fired(
        "critical",
        assured(case, "high", "history_lookback"),
        say("A running mean over {n} starts at 0, below any loss this run reached", n=count(lookback, "epoch")),
        (setting_evidence(setting(case, "history_lookback")),),
        why=(say("The library then believes in a best loss that no network had, and switches too soon."),),
        action=say("**Judge single epochs**: `GPA.pc.set_history_lookback(1)`."),
        steps=steps(change(case, "history_lookback", "1")),
    )


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
    wait = integer(case, "n_epochs_to_switch")
    if never is None or wait is None:
        return this.not_applicable(say("the scheduler's patience could not be read from the learning rate"))
    if not never:
        shown = schedule.patience if schedule else None
        return this.clear(say("scheduler patience {p} is below n_epochs_to_switch {n}", p=count(shown), n=count(wait)))
    patience = schedule.patience if schedule and schedule.patience is not None else wait - 1
    return this.fired(
        "critical",
        assured(case, "high", "n_epochs_to_switch"),
        say(
            "The scheduler waits {p} epochs and the library {n}: the learning rate never drops before a switch",
            p=count(patience),
            n=count(wait),
        ),
        (
            Evidence(
                label="scheduler patience",
                value=count(patience),
                file=schedule.file if schedule else None,
                column="learning_rate",
                epochs=schedule.epochs if schedule else None,
            ),
            setting_evidence(setting(case, "n_epochs_to_switch")),
        ),
        why=(say("Each phase then ends before a smaller learning rate could show what the network still has to give."),),
        action=say("**Wait longer before a switch**: `GPA.pc.set_n_epochs_to_switch({n})`.", n=code(str(2 * patience + 2))),
        steps=steps(change(case, "n_epochs_to_switch", str(2 * patience + 2))),
        next_check=say("The learning rate falls at least once in each phase."),
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
    if first is None or not starts:
        return this.not_applicable(say("the learning rate is not recorded"))
    addition, lowest = min(starts, key=lambda pair: pair[1])
    if lowest >= first * 1e-3:
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
                column="learning_rate",
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
    )


@rule("PAI012", "direction-unknown", section="X", part="trust", ids=("D0", "C17"))
def direction_unknown(case: Case, this: RuleIdentity) -> Outcome:
    """Nothing in the folder says whether higher or lower scores are better.

    What it looks for: no configuration, no flag, and best rows that fit both ways.
    Why it matters: gain, best network and verdict all depend on it, so none is given.
    What to try: `--maximize` or `--minimize`.
    When it is wrong: never; the report only says what it does not know.
    Where it comes from: D0, C17; the checklist never mentions scores that fall.
    """
    identity = case.analysis.identity
    if identity.direction != "undecided":
        return this.clear(say("direction: {d}, from {w}", d=code(identity.direction), w=code(identity.direction_from)))
    return this.fired(
        "high",
        "high",
        say("The files do not say whether higher or lower scores are better"),
        (
            Evidence(
                label="epochs recorded", value=count(case.analysis.lifecycle.budget.recorded), file=case.analysis.track.file
            ),
        ),
        why=(say("No gain and no best network can be named without it."),),
        action=say("**Say which way is better**: run pai-report again with `--maximize` or `--minimize`."),
        steps=(Step(text=say("Run the report again with the direction."), code=None),),
    )


@rule("PAI014", "sizes-unreliable", section="O9", part="trust", ids=("I5.2", "D14"), needs="files")
def sizes_unreliable(case: Case, this: RuleIdentity) -> Outcome:
    """The library counted the base network twice in the parameter counts.

    What it looks for: the first count is exactly twice the base size that the later counts imply.
    Why it matters: every size and every percentage of growth from these files is wrong and cannot be repaired from them.
    What to try: count again with `UPA.count_params(model)` on a library from 3.0.3 on.
    When it is wrong: with a single set, or perforated backpropagation, the pattern cannot be told apart.
    Where it comes from: formats.md section 2 (versions 2.0.0 to 3.0.1); no counterpart in the checklist.
    """
    efficiency = case.analysis.efficiency
    if not efficiency.doubled_base:
        return this.clear(say("parameter counts follow the library's law or cannot be checked"))
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
    )


@rule("PAI015", "test-column-is-a-copy", section="X", part="trust", ids=("A18",))
def test_column_is_a_copy(case: Case, this: RuleIdentity) -> Outcome:
    """The column called test repeats the validation scores.

    What it looks for: a test column equal to validation in every row of the best scores.
    Why it matters: older library versions write such a copy when no test score is given; it is no test result.
    What to try: record one with `GPA.pai_tracker.add_test_score(test_score, 'Test')`.
    When it is wrong: never seen so; independent scores do not agree in every digit.
    Where it comes from: A18 and formats.md section 2.
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
                code="GPA.pai_tracker.add_test_score(test_score, 'Test')",
            ),
        ),
    )


@rule("PAI016", "partial-record", section="X", part="trust", ids=("C1",), needs="files")
def partial_record(case: Case, this: RuleIdentity) -> Outcome:
    """The main files are missing; a snapshot stands in for them.

    What it looks for: snapshots without canonical files.
    Why it matters: a snapshot is one moment of the run; what came after it is not known.
    What to try: bring the files without a suffix behind the save name back.
    When it is wrong: never; it is how the files were read.
    Where it comes from: L4 and formats.md section 7.
    """
    if not case.analysis.identity.partial:
        return this.clear(say("the canonical files are there"))
    return this.fired(
        "high",
        "high",
        say("The run's main files are missing; this report reads its newest snapshot"),
        (Evidence(label="read instead", value=name(case.analysis.track.file), file=case.analysis.track.file),),
        why=(say("What happened after that snapshot, and whether its sets were kept, cannot be told."),),
    )


RULES = (
    wrong_direction,
    capacity_test,
    setting_ignored,
    leftover_snapshots,
    score_not_a_number,
    score_not_positive,
    lookback_with_loss,
    patience_never_lowers_rate,
    learning_rate_not_reset,
    direction_unknown,
    sizes_unreliable,
    test_column_is_a_copy,
    partial_record,
)
