"""O2: improvement threshold and the moment at which sets are added."""

import math

from pai_report.advice.model import Evidence, Severity, Step
from pai_report.advice.phrases import Phrase, Quantity, code, count, percent, points, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    SWITCHES,
    VALIDATION,
    assured,
    change,
    gain_evidence,
    integer,
    kept,
    round_up,
    setting,
    setting_evidence,
    steps,
    threshold_with,
)
from pai_report.analysis.model import Architecture, Phase, Premature

CHANCE = say("With the present threshold a set is kept when it is better by chance.")


@rule(
    "PAI201",
    "added-before-plateau",
    section="O2",
    part="optimization",
    ids=("O2.4", "O2.5", "O2.6", "O2.7", "O2.8", "O2.9", "O2.10", "A9", "I3.6", "C2", "C7", "C8"),
    needs="tried",
)
def added_before_plateau(case: Case, this: RuleIdentity) -> Outcome:
    """A set was added while the network was still improving.

    What it looks for: on the full series before each addition, a rise of 2 % over the last five epochs with a clear trend,
    or a new best in the last two; or a fixed switch after fewer than ten epochs.
    Why it matters: what the network would have learned anyway is then counted as the dendrites' gain.
    What to try: FIXED mode: a longer interval; HISTORY mode: more patience, then a lower threshold.
    When it is wrong: on series without their discarded tail, which end at their best epoch by construction.
    Where it comes from: O2.4 to O2.10, A9, D6. The checklist raises the threshold, which makes the library switch sooner
    (C2), and sets `n_epochs_to_switch` in FIXED mode, where it has no effect.
    """
    held = [(phase, phase.premature) for phase in case.analysis.phases if phase.premature is not None]
    early = [(phase, found) for phase, found in held if found.fired or (phase.sets == 0 and found.short_fixed)]
    if not early:
        testable = [found for _phase, found in held if found.fired is not None]
        if not testable:
            return this.not_applicable(say("no snapshot kept the epochs before a switch"), None)
        return this.clear(say("no rise of 2 % before any of {n}", n=count(len(testable), "addition")))
    phase, found = early[0]
    severity: Severity = "critical" if phase.sets == 0 else "medium"
    fixed = setting(case, "switch_mode").value == "2"
    return this.fired(
        severity,
        found.confidence,
        _early_title(case, phase, found),
        _early_evidence(case, phase, found, fixed=fixed),
        why=(
            say("A network that is still learning improves with or without dendrites; its gain cannot be credited to them."),
            say("Adding early also spends capacity that the base network did not need yet."),
        ),
        limit=say(
            "rule: a rise of {r} or more over the last {n} before the addition",
            r=percent(case.settings.thresholds.premature_rise),
            n=count(case.settings.thresholds.premature_epochs, "epoch"),
        ),
        action=_early_action(case, fixed=fixed),
        steps=_later_fixed(case) if fixed else _later_history(case, phase),
        next_check=say("Validation is flat over the last five epochs before the first set is added."),
        differs=_early_differs(fixed=fixed),
    )


def _rise(found: Premature) -> Quantity:
    return (
        points(found.rise_points, signed=True) if found.rise_points is not None else percent(found.rise_relative, signed=True)
    )


def _early_title(case: Case, phase: Phase, found: Premature) -> Phrase:
    if found.before is None or found.after is None or found.epochs is None:
        return say(
            "Set {k} was added after only {n}, too few to see a plateau",
            k=count(phase.sets + 1),
            n=count(phase.last - phase.first + 1, "epoch"),
        )
    del case
    return say(
        "Set {k} was added while the network was still learning: {a} → {b} in {n}",
        k=count(phase.sets + 1),
        a=score(found.before),
        b=score(found.after),
        n=count(found.epochs[1] - found.epochs[0] + 1, "epoch"),
    )


def _early_evidence(case: Case, phase: Phase, found: Premature, *, fixed: bool) -> tuple[Evidence, ...]:
    span = found.epochs or (phase.first, phase.last)
    rise = Evidence(label="rise before the addition", value=_rise(found), file=phase.file, column=VALIDATION, epochs=span)
    at = Evidence(
        label="last epoch before the set",
        value=count(phase.last),
        file=case.analysis.file("switch-epochs"),
        column=SWITCHES,
        epochs=(phase.last, phase.last),
    )
    names = ("fixed_switch_num", "first_fixed_switch_num") if fixed else ("n_epochs_to_switch",)
    return (rise, at, *(setting_evidence(setting(case, held)) for held in names))


def _fixed_interval(case: Case) -> int:
    return max(20, 2 * (integer(case, "fixed_switch_num") or 10))


def _patience(case: Case) -> int:
    """rules.md section 5: at least half as much again, and twice the scheduler's patience plus two."""
    schedule = case.analysis.schedule
    lowest = 2 * schedule.patience + 2 if schedule and schedule.patience is not None else 0
    return max(math.ceil(1.5 * (integer(case, "n_epochs_to_switch") or 10)), lowest)


def _early_action(case: Case, *, fixed: bool) -> Phrase:
    if fixed:
        old, new = setting(case, "fixed_switch_num").value, str(_fixed_interval(case))
        return say("**Let the base network finish first**: `fixed_switch_num` {old} → {new}.", old=code(old), new=code(new))
    old, new = setting(case, "n_epochs_to_switch").value, str(_patience(case))
    return say("**Let the base network finish first**: `n_epochs_to_switch` {old} → {new}.", old=code(old), new=code(new))


def _later_fixed(case: Case) -> tuple[Step, ...]:
    interval = _fixed_interval(case)
    return steps(
        change(case, "fixed_switch_num", str(interval)),
        change(case, "first_fixed_switch_num", str(2 * interval), text=say("Give the network without dendrites twice that.")),
        change(
            case,
            "find_best_lr",
            "False",
            text=say("If switches must come exactly on time: the learning-rate search delays them."),
        ),
    )


def _later_history(case: Case, phase: Phase) -> tuple[Step, ...]:
    del phase
    return steps(change(case, "n_epochs_to_switch", str(_patience(case))))


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
    When it is wrong: small real gains; a tighter threshold then rejects them too.
    Where it comes from: O2.1 to O2.3, D6b, C2. Tighter keeps fewer sets; it does not make the library wait longer.
    """
    gains, baseline = case.analysis.gains, case.analysis.gains.baseline
    if not gains.too_frequent:
        return this.clear(say("fewer than two kept sets are within the noise"))
    if case.verdict == "confounded":
        return this.not_applicable(say("the noise is not known while the network without dendrites was still learning"))
    noise = _within_noise(case)
    floors = {row.sets: row.test.floor for row in noise if row.test is not None and row.test.floor}
    if not floors or not baseline:
        return this.not_applicable(say("the noise floor is not known"))
    new = threshold_with(case, {sets - 1: round_up(floor / abs(baseline)) for sets, floor in floors.items()})
    return this.fired(
        "medium",
        assured(case, "medium", "improvement_threshold"),
        _often_title(noise),
        (*(gain_evidence(row) for row in noise), setting_evidence(setting(case, "improvement_threshold"))),
        why=(
            say("With the present threshold a set is kept when it is better by chance."),
            *_would_reject(case, max(floors.values())),
        ),
        action=_tighten(case, new),
        steps=steps(change(case, "improvement_threshold", new)),
        next_check=say("Sets that stay gain more than {r} each.", r=percent(max(floors.values()) / abs(baseline))),
        differs=say("The checklist's `[0.02, 0.01, 0.001, 0]` is stricter about keeping a set, but makes phases end sooner."),
    )


def _within_noise(case: Case) -> tuple[Architecture, ...]:
    return tuple(row for row in kept(case.analysis) if row.test is not None and row.test.gain_class == "within-noise")


def _often_title(noise: tuple[Architecture, ...]) -> Phrase:
    if len(noise) == 1:
        return say("Set {k} was kept although its gain is no more than noise", k=count(noise[0].sets))
    return say("{n} were kept whose gains are no more than noise", n=count(len(noise), "set"))


def _tighten(case: Case, new: str) -> Phrase | None:
    """An action for page one only where a gain is established: within noise, repeating comes before tuning."""
    if case.verdict != "improved":
        return None
    return say("**Keep fewer useless sets**: `improvement_threshold` {new}, about this run's noise.", new=code(new))


def _would_reject(case: Case, floor: float) -> tuple[Phrase, ...]:
    """C2b: warn where the tighter threshold would have rejected sets whose gain is more than noise."""
    lost = [
        row.sets
        for row in kept(case.analysis)
        if row.gain is not None and row.test is not None and row.test.gain_class == "real" and row.gain.absolute < floor
    ]
    if not lost:
        return ()
    return (say("Set {k} gained more than noise and would have been rejected too.", k=count(lost[0])),)


@rule("PAI203", "rarely-added-but-helpful", section="O2", part="optimization", ids=("O2.11", "O2.12", "D6c"), needs="gain")
def rarely_added_but_helpful(case: Case, this: RuleIdentity) -> Outcome:
    """One set helped, and the run hardly tried for more.

    What it looks for: at most one kept set with a real gain, and a rejected near miss or a very long wait before a switch.
    Why it matters: another set may help as well.
    What to try: a shorter wait, or a lower threshold where a set was narrowly rejected.
    When it is wrong: when the maximum of sets ended the run.
    Where it comes from: O2.11, O2.12, D6c.
    """
    if not case.analysis.gains.rare_but_helpful:
        return this.clear(say("{n} kept", n=count(case.analysis.lifecycle.kept, "set")))
    return this.fired(
        "medium",
        "low",
        say("Only {n} was kept although it helped", n=count(case.analysis.lifecycle.kept, "set")),
        (setting_evidence(setting(case, "improvement_threshold")), setting_evidence(setting(case, "n_epochs_to_switch"))),
        why=(say("A narrow rejection or a very long wait kept the run from trying more."),),
        steps=(
            Step(
                text=say(
                    "See whether a narrowly rejected set is listed under troubleshooting; its threshold is the one to lower."
                )
            ),
        ),
        next_check=say("A second set that gains more than the noise."),
    )


RULES = (added_before_plateau, added_too_often, rarely_added_but_helpful)
