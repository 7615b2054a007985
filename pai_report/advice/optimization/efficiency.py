"""O9: what the parameters bought."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import count, number, percent, say, times
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import PARAMETERS, gain_quantity
from pai_report.analysis.model import Efficiency

COUNT = "print(UPA.count_params(model))"
REDUCE_FIRST = say(
    "Dendrites add parameters. To end with a smaller model, reduce the width first, then perforate the smaller network "
    "until it reaches the old score."
)


@rule(
    "PAI901",
    "parameters-bought-little",
    section="O9",
    part="optimization",
    ids=("O9.1", "O9.2", "O9.3", "O9.4", "O9.5", "O9.6", "O9.12", "O9.14", "I5.2", "I5.3"),
    needs="kept",
    effort="retrain",
)
def parameters_bought_little(case: Case, this: RuleIdentity) -> Outcome:
    """The network grew much for a gain that is not established, or the last set bought far less than the first.

    What it looks for: growth of half or more with a gain within the noise, or a last set with less than a tenth of the
    first one's gain per parameter.
    Why it matters: a smaller network would do as well.
    What to try: fewer sets, fewer layers near the input, or a smaller base network that is perforated.
    When it is wrong: where size does not matter.
    Where it comes from: O9.1 to O9.6, O9.12, O9.14, D14; no source names an absolute limit, so none is used.
    """
    held, gains = case.analysis.efficiency, case.analysis.gains
    if held.growth is None or held.doubled_base:
        return this.not_applicable(say("parameter counts are missing or unreliable"), COUNT)
    noise = gains.gain_class in {"within-noise", "uncertain"} and held.growth >= 0.5
    if not noise and not _last_set_poor(held):
        return this.clear(say("parameters grew by {g}", g=percent(held.growth)))
    return this.fired(
        "low",
        "high" if noise else "medium",
        say(
            "The network is {x} as large for a gain that is not established"
            if noise
            else "The last set bought less than a tenth of the first one's gain per parameter",
            x=times(1 + held.growth),
        ),
        _evidence(case, held),
        why=(REDUCE_FIRST,),
        steps=(Step(text=say("Count parameters before and after."), code=COUNT),),
        next_check=say("Points per +100 % parameters, against this run's {r}.", r=number(held.gain_per_growth)),
    )


def _last_set_poor(held: Efficiency) -> bool:
    known = [ratio for ratio in held.marginal if ratio is not None]
    return len(known) >= 2 and known[0] > 0 and known[-1] < 0.1 * known[0]


def _evidence(case: Case, held: Efficiency) -> tuple[Evidence, ...]:
    file = case.analysis.file("best-scores") or case.analysis.file("parameter-counts")
    gain = case.analysis.gains.gain
    rows = [
        Evidence(label="parameters without dendrites", value=count(held.baseline), file=file, column=PARAMETERS),
        Evidence(label="parameters of the best network", value=count(held.best), file=file, column=PARAMETERS),
    ]
    if gain is not None:
        rows.append(Evidence(label="gain", value=gain_quantity(gain, signed=True), file=file, column="Max Valid Scores"))
    return tuple(rows)


@rule(
    "PAI902",
    "larger-than-original",
    section="O9",
    part="optimization",
    ids=("O9.7", "O9.8", "O9.9", "O9.10", "O9.11"),
    needs="kept",
    effort="retrain",
)
def larger_than_original(case: Case, this: RuleIdentity) -> Outcome:
    """The perforated network is larger than the original model it should replace.

    What it looks for: the best network's parameters against `--original-params`.
    Why it matters: the point of reducing and perforating is a smaller model with the same score.
    What to try: perforate fewer layers, those near the output first; reduce the base width further.
    When it is wrong: when the goal is a better score, not a smaller model.
    Where it comes from: O9.7 to O9.11; the files do not hold the original size.
    """
    held = case.analysis.efficiency
    if held.original is None:
        return this.not_applicable(say("the original model's size is not in the files; give it with `--original-params N`"))
    if held.best is None or held.doubled_base:
        return this.not_applicable(say("parameter counts are missing or unreliable"), COUNT)
    if held.best <= held.original:
        return this.clear(say("{b} against {o} in the original model", b=count(held.best, "parameter"), o=count(held.original)))
    return this.fired(
        "medium",
        "high",
        say("The perforated network has {b}, the original model {o}", b=count(held.best, "parameter"), o=count(held.original)),
        _evidence(case, held),
        why=(say("The base network was reduced too little, or too many layers were perforated."),),
        action=say("**Perforate fewer layers**, those near the output first, or reduce the base network further."),
        next_check=say("Fewer than {o} at the old score.", o=count(held.original, "parameter")),
    )


RULES = (parameters_bought_little, larger_than_original)
