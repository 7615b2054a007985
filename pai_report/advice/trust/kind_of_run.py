"""What kind of record the folder holds: an experiment, a self-test, several runs, a fragment."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import count, name, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import BEST, VALIDATION, change, self_test, steps
from pai_report.library import setter

HISTORY = "GPA.pc.DOING_HISTORY"
START = say("**Start the real run**: `GPA.pc.set_testing_dendrite_capacity(False)` before the model is perforated.")
WAIT = say("**Let the network train first**: `GPA.pc.set_switch_mode(GPA.pc.DOING_HISTORY)` adds a set at a plateau only.")


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
        return _no_test(case, this)
    test = self_test(case.analysis)
    what = "this is a test of the set-up, not an experiment" if test else "one per epoch, before any network had been trained"
    return this.fired(
        "invalid",
        "high",
        say(
            f"{{sets}} were added in {{rows}}: {what}",
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
            say("The change from row to row is ordinary learning; none of it can be credited to dendrites."),
        ),
        action=START if test else WAIT,
        steps=_leave_test(case, test=test),
        next_check=say("A real run leaves a `_config.json` beside its scores and trains each phase until it stops improving."),
    )


def _no_test(case: Case, this: RuleIdentity) -> Outcome:
    """No self-test by the length of its phases; one epoch with fewer than two sets shows neither that nor the opposite."""
    longest = max((phase.last - phase.first + 1 for phase in case.analysis.phases), default=0)
    if longest > 1:
        return this.clear(say("the longest phase has {n}", n=count(longest, "epoch")))
    if not case.analysis.track.file:
        return this.not_applicable(say("no epochs are recorded"))
    recorded, sets = case.analysis.lifecycle.budget.recorded, case.analysis.lifecycle.kept
    words = "{n} recorded, {k} kept: too few to see whether a set comes every epoch"
    return this.not_applicable(say(words, n=count(recorded, "epoch"), k=count(sets, "set")))


def _leave_test(case: Case, *, test: bool) -> tuple[Step, ...]:
    """The self-test off; and the mode that adds a set every epoch, which more sets than the self-test adds show to be on."""
    off = change(case, "testing_dendrite_capacity", "False", text=say("Switch the self-test off; it is on by default."))
    if case.analysis.identity.capacity_test and not case.analysis.identity.every_epoch:
        return steps(off)
    wait = "Let the library wait for a plateau before it adds a set."
    mode = Step(
        text=say(f"If the self-test is off already: {wait[0].lower()}{wait[1:]}" if test else wait),
        setting="switch_mode",
        new=HISTORY,
        code=setter(case.analysis.identity.versions, "switch_mode", HISTORY),
    )
    return steps(off, mode) if test else (mode,)


@rule("PAI016", "partial-record", section="X", part="trust", ids=("C1",), needs="files")
def partial_record(case: Case, this: RuleIdentity) -> Outcome:
    """The main files are missing; a snapshot stands in for them, or only the best scores are left.

    What it looks for: snapshots without canonical files, best scores without scores.
    Why it matters: a snapshot is one moment of the run; what came after it is not known. Best scores alone tell sizes, scores
    and gains, and nothing of phases, noise or learning rates.
    What to try: bring the files without a suffix behind the save name back.
    When it is wrong: never; it is how the files were read.
    Where it comes from: L4; the checklist expects the main files to be there.
    """
    if not case.analysis.track.file:
        return _only_best_scores(case, this)
    if not case.analysis.identity.partial:
        return this.clear(say("the canonical files are there"))
    return this.fired(
        "high",
        "high",
        say("The run's main files are missing; this report reads its newest snapshot"),
        (Evidence(label="read instead", value=name(case.analysis.track.file), file=case.analysis.track.file),),
        why=(say("What happened after that snapshot, and whether its sets were kept, cannot be told."),),
        action=say("**Bring the main files back**: the ones whose names hold nothing between the save name and `Scores.csv`."),
        next_check=say("The report reads the file `Scores.csv` of the save name itself."),
    )


def _only_best_scores(case: Case, this: RuleIdentity) -> Outcome:
    file, networks = case.analysis.file("best-scores"), len(case.analysis.gains.architectures)
    return this.fired(
        "high",
        "high",
        say("Only the best scores of the run are left; its epochs are not recorded"),
        (Evidence(label="networks", value=count(networks), file=file, column=BEST),),
        why=(say("Sizes, scores and gains can be told; phases, noise, learning rates and the time it took cannot."),),
        action=say("**Bring the other files back**: everything the library wrote under this save name."),
        next_check=say("The report reads the file `Scores.csv` of the save name itself."),
    )


@rule("PAI005", "leftover-snapshots", section="X", part="trust", ids=("D15",), needs="files")
def leftover_snapshots(case: Case, this: RuleIdentity) -> Outcome:
    """Snapshots of earlier runs lie in the folder.

    What it looks for: snapshot files whose opening scores differ from those of the main files.
    Why it matters: a rerun under the same save name overwrites the main files but leaves time-stamped snapshots of the
    earlier run; who counts files counts them too.
    What to try: a new `save_name` for every run.
    When it is wrong: never seen so; equal opening scores to full precision do not happen by chance.
    Where it comes from: D15; no counterpart in the checklist.
    """
    left = case.analysis.lifecycle.leftovers
    if not left:
        return this.clear(say("{n}, all of this run", n=count(case.analysis.lifecycle.snapshots, "snapshot")))
    return this.fired(
        "low",
        "high",
        say("The folder also holds {n} of earlier runs under the same save name, left out here", n=count(left, "snapshot")),
        (Evidence(label="snapshots left out", value=count(left), file=case.analysis.track.file, column=VALIDATION),),
        why=(
            say(
                "Their opening scores differ from this run's, or their names count more switches than it had; every count here "
                "leaves them out."
            ),
        ),
        steps=(Step(text=say("Use a new save name for every run, so that files of two runs never share a folder.")),),
        next_check=say("No snapshot is left out."),
    )


@rule("PAI017", "dendrite-phase-moved-scores", section="X", part="trust", ids=("D3", "C5"), needs="files")
def dendrite_phase_moved_scores(case: Case, this: RuleIdentity) -> Outcome:
    """Validation got worse while only dendrites were trained.

    What it looks for: perforated backpropagation only; the median score of a dendrite phase worse than the median of the ten
    epochs before it by more than the noise and half a point (or 0.5 %).
    Why it matters: candidate dendrites are not part of the network yet, so its scores should stand still meanwhile; if
    they move, some module may be wrapped the wrong way.
    What to try: have the wrapping looked at; say "Debug my perforated model" to the PerforatedAI assistant.
    When it is wrong: batch normalisation and dropout can move scores a little without any fault.
    Where it comes from: D3; no counterpart in the checklist.
    """
    dendrite = [phase for phase in case.analysis.phases if phase.kind == "dendrite"]
    if not dendrite:
        return this.not_applicable(say("there is no phase in which only dendrites were trained"))
    if not case.analysis.flat_dendrite_phase_broken:
        return this.clear(say("scores stood still in {n}", n=count(len(dendrite), "dendrite phase")))
    return this.fired(
        "medium",
        "low",
        say("Validation got worse while only dendrites were trained"),
        (
            Evidence(
                label="dendrite phases",
                value=count(len(dendrite)),
                file=dendrite[0].file,
                column=VALIDATION,
                epochs=(dendrite[0].first, dendrite[-1].last),
            ),
        ),
        why=(say("Candidate dendrites are not connected yet, so the network's scores should stand still meanwhile."),),
        steps=(Step(text=say("Have the wrapping looked at: say “Debug my perforated model” to the PerforatedAI assistant.")),),
        next_check=say("Scores stay level between the two switch rows of each set."),
    )


RULES = (capacity_test, leftover_snapshots, partial_record, dendrite_phase_moved_scores)
