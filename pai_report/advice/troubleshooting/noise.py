"""T2: a gain that is no more than the noise of the run."""

import math

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, count, percent, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import DEBUG, VALIDATION, difference, gain_quantity, scores_evidence, source
from pai_report.analysis.model import NoiseTest


@rule(
    "PAI061",
    "gain-within-noise",
    section="T2",
    part="troubleshooting",
    ids=("T2", "T2.1", "T2.4", "A8", "I3.4", "C21"),
    needs="kept",
    effort="retrain",
)
def gain_within_noise(case: Case, this: RuleIdentity) -> Outcome:
    """The gain is no larger than the run's own fluctuation.

    What it looks for: the gain of the best network over the best one without dendrites, against what picking the best of
    as many noisy epochs would show by chance, and against five validation samples.
    Why it matters: another seed may show the opposite; changing settings on such evidence is following noise.
    What to try: repeat with three seeds, or validate on more samples.
    When it is wrong: a real but small gain; more samples then show it.
    Where it comes from: D9, C21, T2; the checklist has no notion of noise.
    """
    test = case.analysis.gains.test
    if test is None or test.gain_class is None:
        return this.not_applicable(say("no gain over the network without dendrites is known"))
    if test.gain_class not in {"within-noise", "uncertain"}:
        return this.clear(say("gain {g}: class {c}", g=gain_quantity(test.gain), c=code(test.gain_class)))
    sure = test.gain_class == "within-noise"
    return this.fired(
        "high",
        "high" if sure else "medium",
        _noise_title(case, test, sure=sure),
        _noise_evidence(case, test),
        why=_noise_why(case, test),
        limit=say(
            "rule: fewer than {n} net validation samples, or at least {p} likely by chance ({s})",
            n=count(case.settings.thresholds.samples_needed),
            p=percent(case.settings.thresholds.real_level),
            s=source(case, "samples_needed", "real_level"),
        ),
        action=_repeat(case, test),
        steps=(Step(text=_repeat(case, test)), *_perforated_steps()),
        next_check=say("Dendrites helped if the network with them wins in each of three seeds."),
    )


def _noise_title(case: Case, test: NoiseTest, *, sure: bool) -> Phrase:
    gain, n_validation = test.gain, case.analysis.identity.n_validation
    end = "no more than this run's noise" if sure else "promising, but not established by one run"
    if gain.samples is not None and n_validation is not None:
        words = f"The gain of {{g}} is {{d}} of {{n}}: {end}"
        return say(words, g=gain_quantity(gain), d=count(gain.samples), n=count(n_validation, "validation sample"))
    return say(f"The gain of {{g}} is {end}", g=gain_quantity(gain))


def _noise_evidence(case: Case, test: NoiseTest) -> tuple[Evidence, ...]:
    gains = case.analysis.gains
    rows = [
        scores_evidence(case, "best without dendrites", gains.baseline, gains.baseline_epoch),
        scores_evidence(case, "best with dendrites", gains.best, gains.best_epoch),
    ]
    if test.sigma is not None:
        rows.append(
            Evidence(
                label="spread of one score late in a phase",
                value=difference(case, test.sigma, gains.baseline),
                file=next((phase.file for phase in case.analysis.phases), case.analysis.track.file),
                column=VALIDATION,
            )
        )
    return tuple(rows)


def _noise_why(case: Case, test: NoiseTest) -> tuple[Phrase, ...]:
    told: list[Phrase] = []
    if test.expected is not None and test.expected > 0:
        told.append(
            say(
                "With dendrites the best of {m} was taken, without them the best of {k}; noise alone would show about {c}.",
                m=count(test.epochs_after, "epoch"),
                k=count(test.epochs_before),
                c=difference(case, test.expected, case.analysis.gains.baseline),
            )
        )
    if test.test_change is not None:
        told.append(_test_sentence(test))
    told.append(say("One run, one seed: how far another seed would land is not measured."))
    return tuple(told)


def _test_sentence(test: NoiseTest) -> Phrase:
    held = test.test_change
    if held is None or held.absolute == 0:
        return say("The test score, which played no part in choosing, did not change.")
    way = "improved" if held.absolute > 0 else "changed"
    return say(
        f"The test score, which played no part in choosing, {way} by {{t}}.", t=gain_quantity(held, signed=held.absolute < 0)
    )


def _repeat(case: Case, test: NoiseTest) -> Phrase:
    """T2's first action: three seeds, or the number of validation samples at which this gain would be 5 beyond noise."""
    needed = _samples_needed(case, test)
    if needed is None:
        return say("**Repeat with three seeds** before anything is changed: one run cannot show a gain this small.")
    return say(
        "**Repeat with three seeds**, or validate on at least {n}, before anything is changed: "
        "one run cannot show a gain this small.",
        n=count(needed, "sample"),
    )


def _samples_needed(case: Case, test: NoiseTest) -> int | None:
    """Validation samples at which the gain beyond chance would be worth the samples needed; None if it never would."""
    n_validation, quantum = case.analysis.identity.n_validation, case.analysis.identity.quantum
    if n_validation is None or quantum is None:
        return None
    beyond = test.gain.absolute - max(test.expected or 0.0, 0.0)
    if beyond <= 0:
        return None
    needed = math.ceil(case.settings.thresholds.samples_needed * quantum * n_validation / beyond)
    return needed if needed > n_validation else None


def _perforated_steps() -> tuple[Step, ...]:
    return (
        Step(
            text=say(
                "If repeats agree that there is no gain: check that the layers that limit the score are the ones converted."
            )
        ),
        Step(text=DEBUG),
    )


RULES = (gain_within_noise,)
