"""T3: training that is unstable."""

import math

from pai_report.advice.model import Confidence, Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, percent, say
from pai_report.advice.rates import lowered, on_plateaus
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import DEBUG, VALIDATION, change, difference, scores_evidence, source, steps
from pai_report.analysis.model import Phase, Stability
from pai_report.library import dimensions
from pai_report.limits import Limits

MULTIPLIER = "candidate_weight_initialization_multiplier"


@rule(
    "PAI070",
    "unstable-training",
    section="T3",
    part="troubleshooting",
    ids=("T3", "T3.1", "T3.2", "T3.3", "T3.4", "T3.5", "A5", "I2.2"),
    needs="tried",
    effort="script",
)
def unstable_training(case: Case, this: RuleIdentity) -> Outcome:
    """Scores swing by 2 % of the best score or more late in a phase.

    What it looks for: the spread of the last fifth of each full phase, from first differences so that a trend does not count.
    Why it matters: gains smaller than the swing cannot be seen, and the library may keep a lucky epoch.
    What to try: a lower learning rate first, then another scheduler; smaller initial dendrite weights only where the swing
    is not there without dendrites; then the dimensions of the converted modules.
    When it is wrong: a metric that is noisy by nature; then validate on more samples.
    Where it comes from: T3, A5, I2.2, D8.
    """
    settled = [(phase, phase.stability) for phase in case.analysis.phases if _settled(phase) and phase.stability is not None]
    known = [(phase, held, held.relative) for phase, held in settled if held.relative is not None]
    if not known:
        return this.not_applicable(say("no phase settled long enough to measure a spread"))
    worst, held, relative = max(known, key=lambda triple: triple[2])
    if held.level != "unstable":
        return this.clear(say("largest spread late in a phase: {r} of the best score", r=percent(relative)))
    base = any(phase.sets == 0 and found.level == "unstable" for phase, found in settled)
    with_sets = say("without dendrites") if worst.sets == 0 else say("with {k}", k=count(worst.sets, "dendrite set"))
    return this.fired(
        "high",
        "low" if _unproven(case, worst) else _confidence(relative, held, case.settings.limits),
        Phrase(
            template="Scores swing by {r} of the best score late in training " + with_sets.template,
            quantities=(("r", percent(relative)), *with_sets.quantities),
        ),
        _evidence(case, worst, held),
        why=(
            say("The swing is there before any dendrites, so they are not its cause.")
            if base
            else say("A gain smaller than the swing cannot be seen, and the best epoch may be a lucky one."),
        ),
        limit=say(
            "rule: {l} of the best score ({s})",
            l=percent(case.settings.limits.unstable),
            s=source(case, "unstable"),
        ),
        action=say(
            "**Lower the learning rate** until late scores swing by less than {l}.",
            l=percent(case.settings.limits.unstable),
        ),
        steps=_remedies(case, worst, base=base),
        next_check=say("The spread late in each phase is below {l} of the best score.", l=percent(case.settings.limits.stable)),
    )


def _unproven(case: Case, phase: Phase) -> bool:
    """Whether the run was stopped before the library had judged the set of `phase`: its late epochs are not its last."""
    lifecycle = case.analysis.lifecycle
    return lifecycle.last_set_proven is False and phase.sets == lifecycle.kept


def _confidence(relative: float, held: Stability, limits: Limits) -> Confidence:
    """Low for a short stretch, and for a spread that is no further above the limit than its own standard error.

    The standard error of a standard deviation from n values is the deviation over sqrt(2 (n - 1)).
    """
    epochs = held.epochs[1] - held.epochs[0] + 1
    sure = epochs >= limits.spread_epochs and relative - limits.unstable > relative / math.sqrt(2 * (epochs - 1))
    return "medium" if sure else "low"


def _evidence(case: Case, worst: Phase, held: Stability) -> tuple[Evidence, ...]:
    return (
        Evidence(
            label="spread",
            value=difference(case, held.sigma or 0.0, worst.best),
            file=worst.file,
            column=VALIDATION,
            epochs=held.epochs,
        ),
        scores_evidence(case, "best score of the phase", worst.best, worst.best_epoch),
    )


def _remedies(case: Case, worst: Phase, *, base: bool) -> tuple[Step, ...]:
    """T3 in its order of suspicion: learning rate, scheduler, multiplier, dimensions, the set-up as a whole."""
    schedule, multiplier = case.analysis.schedule, case.library.candidate_weight_initialization_multiplier
    waits = schedule is not None and schedule.kind == "plateau"
    smaller = say("If that does not help, start dendrites with smaller weights.")
    return steps(
        lowered(worst, 3, say("Start each phase at a third of today's learning rate.")),
        *(() if waits else on_plateaus(case, say("Or let it fall on plateaus."))),
        None if base or not multiplier else change(case, MULTIPLIER, f"{multiplier / 10:g}", text=smaller),
        Step(
            text=say(
                "Check the output layout of converted modules; {d} is for [batch, steps, neurons].", d=code("[-1, -1, 0]")
            ),
            code=dimensions(case.analysis.identity.versions, "[-1, -1, 0]"),
        ),
        Step(text=DEBUG),
    )


def _settled(phase: Phase) -> bool:
    """A neuron phase that stopped climbing: on the way up the spread is that of learning, not of noise."""
    early = phase.premature is not None and phase.premature.fired
    return phase.kind == "neuron" and not early and phase.plateau.flat is not False


RULES = (unstable_training,)
