"""O2: improvement threshold and the moment at which sets are added."""

from pai_report.advice.model import Evidence, Severity, Step, VerdictCode
from pai_report.advice.phrases import Phrase, Quantity, code, count, percent, points, say, score, word
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.switching import fixed_mode, longer_phases, longer_phases_action, mode_known, refuted
from pai_report.advice.words import (
    LOWER,
    SWITCHES,
    VALIDATION,
    assured,
    change,
    gain_evidence,
    kept,
    minimizing,
    rejected,
    round_down,
    round_up,
    sets_within_noise,
    setting,
    setting_evidence,
    source,
    steps,
    threshold_with,
)
from pai_report.analysis.model import Architecture, Phase, Premature

SHOWN = 4
SHOWN_INTERVALS = 8
NO_NOISE: dict[VerdictCode, Phrase] = {
    "confounded": say("the noise is not known while the network without dendrites was still learning"),
    "unstable": say("scores swing too much for a threshold to tell sets apart"),
}
CONTROL = say(
    "For a fair comparison train the network without dendrites for as many epochs, with the same restarts of the learning rate."
)

SOONER = say(
    "The same entry decides which epochs of that set's phase count as improvements: smaller steps no longer do, so the phase "
    "ends sooner and may miss its best epoch."
)


@rule(
    "PAI201",
    "added-before-plateau",
    section="O2",
    part="optimization",
    ids=(
        *("O2.4", "O2.5", "O2.6", "O2.7", "O2.8", "O2.9", "O2.10"),
        *("A9", "I3.6", "C2", "C7", "C8", "T1.10d"),
    ),
    needs="tried",
)
def added_before_plateau(case: Case, this: RuleIdentity) -> Outcome:
    """A set was added while the network was still improving.

    What it looks for: on the full series before each addition, a rise of 2 % over the last five epochs with a clear trend,
    or a new best in the last two; or a fixed switch after fewer than ten epochs.
    Why it matters: what the network would have learned anyway is then counted as the dendrites' gain.
    What to try: FIXED mode: a longer interval; HISTORY mode: more patience, then a lower threshold for that phase.
    When it is wrong: on series without their discarded tail, which end at their best epoch by construction.
    Where it comes from: O2.4 to O2.10, A9, D6. The checklist raises the threshold, which makes the library switch sooner
    (C2), and sets `n_epochs_to_switch` in FIXED mode, where it has no effect.
    """
    held = [(phase, phase.premature) for phase in case.analysis.phases if phase.premature is not None]
    early = [(phase, found) for phase, found in held if found.fired or (phase.sets == 0 and found.short_fixed)]
    if not early:
        testable = [found for _phase, found in held if found.fired is not None]
        if not testable:
            return this.not_applicable(_untestable(case, [found for _phase, found in held]))
        limit = percent(case.settings.limits.premature_rise)
        return this.clear(say("no improvement of {r} before {n}", r=limit, n=count(len(testable), "addition")))
    phase, found = early[0]
    severity: Severity = "critical" if phase.sets == 0 else "medium"
    fixed = fixed_mode(case)
    return this.fired(
        severity,
        found.confidence if found.fired else LOWER[found.confidence],
        _early_title(phase, found),
        (*(part for pair in early[:SHOWN] for part in _early_evidence(case, *pair)), *_timing_evidence(case, fixed=fixed)),
        why=(
            say("A network that is still learning improves with or without dendrites; its gain cannot be credited to them."),
            say("Adding early also spends capacity that the base network did not need yet."),
        ),
        limit=_early_limit(case, found),
        action=longer_phases_action(case, "Let the base network finish first"),
        steps=_later(case, phase, fixed=fixed),
        next_check=say("Validation is flat over the last five epochs before each set is added."),
        differs=_early_differs(fixed=fixed),
    )


def _untestable(case: Case, additions: list[Premature]) -> Phrase:
    """Why none of the additions could be tested."""
    if not additions:
        undecided = case.analysis.identity.direction == "undecided"
        return (
            say("the direction of the score is not known") if undecided else say("no set was added after a phase with scores")
        )
    if all(held.untestable == "too-short" for held in additions):
        return say("too few epochs were scored before each addition")
    return say("no snapshot kept the epochs that were rolled back before an addition")


def _rise(case: Case, found: Premature) -> Quantity:
    """The change before an addition, in the metric's own sign."""
    sign = -1 if minimizing(case.analysis) else 1
    if found.rise_points is not None:
        return points(sign * found.rise_points, signed=True)
    return percent(None if found.rise_relative is None else sign * found.rise_relative, signed=True)


def _early_limit(case: Case, found: Premature) -> Phrase:
    """The limit that fired: the rise, or else the fewest epochs of a fixed interval."""
    limits = case.settings.limits
    if not found.fired:
        return say(
            "rule: a fixed switch after fewer than {n} ({s})",
            n=count(limits.early_epochs, "epoch"),
            s=source(case, "early_epochs"),
        )
    return say(
        "rule: an improvement of {r} or more over the last {n} before the addition ({s})",
        r=percent(limits.premature_rise),
        n=count(limits.premature_epochs, "epoch"),
        s=source(case, "premature_rise", "premature_epochs"),
    )


def _early_title(phase: Phase, found: Premature) -> Phrase:
    if not found.fired or found.before is None or found.after is None or found.epochs is None:
        return say(
            "Set {k} was added after only {n}, too few to see a plateau",
            k=count(phase.sets + 1),
            n=count(phase.last - phase.first + 1, "epoch"),
        )
    return say(
        "Set {k} was added while the network was still learning: {a} → {b} in {n}",
        k=count(phase.sets + 1),
        a=score(found.before),
        b=score(found.after),
        n=count(found.epochs[1] - found.epochs[0] + 1, "epoch"),
    )


def _early_evidence(case: Case, phase: Phase, found: Premature) -> tuple[Evidence, ...]:
    """The rise, and where the addition stands in the recorded and in the trained epochs."""
    after, next_set = (phase.last, phase.last), phase.sets + 1
    span = found.epochs or (phase.first, phase.last)
    rows = [
        Evidence(
            label=f"change before set {next_set}", value=_rise(case, found), file=phase.file, column=VALIDATION, epochs=span
        ),
        Evidence(
            label=f"last epoch before set {next_set}",
            value=count(phase.last),
            file=case.analysis.file("switch-epochs"),
            column=SWITCHES,
            epochs=after,
        ),
    ]
    if phase.real_last is not None:
        real = (phase.real_last, phase.real_last)
        rows.append(
            Evidence(
                label="the same, counted as trained", value=count(phase.real_last), file=phase.file, epochs=real, real=True
            )
        )
    return tuple(rows)


def _timing_evidence(case: Case, *, fixed: bool) -> tuple[Evidence, ...]:
    """The settings that decide about the moment; outside of HISTORY mode also the intervals as measured (C7)."""
    names = ("fixed_switch_num", "first_fixed_switch_num") if fixed else ("n_epochs_to_switch",)
    held = tuple(setting_evidence(setting(case, name)) for name in names if not refuted(case, name))
    measured = case.analysis.timing.intervals or case.analysis.timing.committed_intervals
    if (mode_known(case) and not fixed) or not measured:
        return held
    shown = ", ".join(str(between) for between in measured[:SHOWN_INTERVALS])
    return (
        *held,
        Evidence(
            label="epochs between additions, as measured",
            value=word(shown),
            file=case.analysis.file("switch-epochs"),
            column=SWITCHES,
        ),
    )


def _later(case: Case, phase: Phase, *, fixed: bool) -> tuple[Step, ...]:
    """Longer phases in the run's mode, then what else moves the switch; a control run where the baseline is in doubt."""
    exact = say("If sets must come exactly on time: the learning-rate search delays them.")
    more = change(case, "find_best_lr", "False", text=exact) if fixed else _lower_threshold(case, phase)
    return steps(*longer_phases(case), more, Step(text=CONTROL) if phase.sets == 0 else None)


def _lower_threshold(case: Case, phase: Phase) -> Step | None:
    """C2a: a tenth of the entry of that phase, so that smaller improvements keep it going."""
    entry = case.library.threshold(phase.sets)
    if entry <= 0:
        return None
    new = threshold_with(case, {phase.sets: round_down(entry / 10)})
    return change(
        case, "improvement_threshold", new, text=say("If that is not enough, let smaller improvements keep the phase going.")
    )


def _early_differs(*, fixed: bool) -> Phrase:
    if fixed:
        return say("The checklist raises `n_epochs_to_switch`; in FIXED mode the library does not read it.")
    return say("The checklist raises the improvement threshold; in this library that makes a phase end sooner, not later.")


@rule("PAI202", "added-too-often", section="O2", part="optimization", ids=("O2.1", "O2.2", "O2.3", "C2", "D6b"), needs="kept")
def added_too_often(case: Case, this: RuleIdentity) -> Outcome:
    """Sets were kept whose gains are noise.

    What it looks for: two or more kept sets with gains within the noise, or half of the phases hardly longer than the patience.
    Why it matters: every such set costs parameters and epochs for nothing.
    What to try: tighten the improvement threshold for that number of sets to about the noise floor.
    When it is wrong: small real gains; a tighter threshold then rejects them too. A set that came before one with a real
    gain is left alone: rejecting it would have ended the run.
    Where it comes from: O2.1 to O2.3, D6b, C2, F5. Tighter keeps fewer sets, and makes phases end sooner, not later.
    """
    gains, best = case.analysis.gains, case.analysis.gains.best
    if not gains.too_frequent:
        return this.clear(say("fewer than two kept sets are within the noise"))
    if case.verdict in NO_NOISE:
        return this.not_applicable(NO_NOISE[case.verdict])
    noise = sets_within_noise(case)
    if not noise:
        return this.clear(say("sets within the noise came before one that gained; rejecting them would have ended the run"))
    floors = {row.sets: row.test.floor for row in noise if row.test is not None and row.test.floor}
    if not floors or not best:
        return this.not_applicable(say("the noise floor is not known"))
    tight = {sets: max(round_up(floor / abs(best), digits=2), case.library.threshold(sets)) for sets, floor in floors.items()}
    step = change(case, "improvement_threshold", threshold_with(case, tight))
    if step is None:
        return this.clear(say("the improvement threshold is at the noise already"))
    return this.fired(
        "medium",
        assured(case, "medium", "improvement_threshold"),
        _often_title(noise),
        (*(gain_evidence(case, row) for row in noise), setting_evidence(setting(case, "improvement_threshold"))),
        why=(
            say("With the present threshold a set is kept when it is better by chance."),
            SOONER,
            *_would_not_come(case, min(floors)),
        ),
        action=_tighten(case, step.new or ""),
        steps=(step,),
        next_check=say("Sets that stay gain more than {r} each.", r=percent(max(tight.values()))),
        differs=say("The checklist's `[0.02, 0.01, 0.001, 0]` is the same for every run; these entries are this run's noise."),
    )


def _often_title(noise: tuple[Architecture, ...]) -> Phrase:
    if len(noise) == 1:
        return say("Set {k} was kept although its gain is no more than noise", k=count(noise[0].sets))
    return say("{n} were kept whose gains are no more than noise", n=count(len(noise), "set"))


def _tighten(case: Case, new: str) -> Phrase | None:
    """An action for page one only where a gain is established: within noise, repeating comes before tuning."""
    if case.verdict != "improved":
        return None
    return say("**Keep fewer useless sets**: `improvement_threshold` {new}, about this run's noise.", new=code(new))


def _would_not_come(case: Case, first: int) -> tuple[Phrase, ...]:
    """C2b: warn where a promising set came after the first one that the tighter threshold rejects; the run would have ended."""
    promising = (row for row in kept(case.analysis) if row.test is not None and row.test.gain_class == "uncertain")
    lost = next((row.sets for row in promising if row.sets > first), None)
    if lost is None:
        return ()
    return (say("Set {k}, whose gain is promising, would not have come: the run ends with a rejected set.", k=count(lost)),)


@rule("PAI203", "rarely-added-but-helpful", section="O2", part="optimization", ids=("O2.11", "O2.12", "D6c"), needs="gain")
def rarely_added_but_helpful(case: Case, this: RuleIdentity) -> Outcome:
    """One set helped, and the run hardly tried for more.

    What it looks for: at most one kept set with a real gain, and a rejected near miss or a very long wait before a switch.
    Why it matters: another set may help as well.
    What to try: a lower threshold where a set was narrowly rejected; after a long wait a higher one for that phase, because
    every tiny improvement starts the wait anew.
    When it is wrong: when the maximum of sets ended the run.
    Where it comes from: O2.11, O2.12, D6c. The checklist lowers the threshold in both cases; a lower one makes waits longer.
    """
    if not case.analysis.gains.rare_but_helpful:
        return this.clear(say("{n} kept", n=count(case.analysis.lifecycle.kept, "set")))
    row = rejected(case.analysis)
    narrow = row is not None and row.shortfall is not None
    return this.fired(
        "medium",
        "low",
        say("Only {n} was kept although it helped", n=count(case.analysis.lifecycle.kept, "set")),
        (
            *(gain_evidence(case, held) for held in kept(case.analysis)),
            setting_evidence(setting(case, "improvement_threshold")),
            setting_evidence(setting(case, "n_epochs_to_switch")),
        ),
        why=(
            say("The next set was narrowly rejected.")
            if narrow
            else say("A long wait before a switch kept the run from trying more: every tiny improvement starts it anew."),
        ),
        steps=(
            Step(text=say("Lower the threshold as the finding on the rejected set says."))
            if narrow
            else Step(
                text=say("Raise the threshold of the phase that waited, so that tiny improvements no longer prolong it.")
            ),
        ),
        next_check=say("A second set gains more than the noise."),
        differs=None if narrow else say("The checklist relaxes the threshold; with a lower one the wait becomes longer."),
    )


RULES = (added_before_plateau, added_too_often, rarely_added_but_helpful)
