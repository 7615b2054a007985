"""O9: what the parameters bought."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, count, number, percent, say, times
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.selection import excluding
from pai_report.advice.words import change, gain_quantity, metric_change, modules_named, size_column, steps
from pai_report.analysis.model import Efficiency
from pai_report.limits import Limits

COUNT = "print(UPA.count_params(model))"
OUTPUT_END = 3  # modules nearest to the output, O9.11
SHOWN = 6
FEWER_MODULES = tuple(f"O9.11{letter}" for letter in "abcdefg")
REDUCE_FIRST = say(
    "Dendrites add capacity for less than a larger base network does, but they add parameters. To end with a smaller model, "
    "reduce the width first, then perforate the smaller network until it reaches the old score."
)
WORKFLOW = say(
    "For example: 10 M parameters at 85 %, half the width 2.5 M at 78 %, perforated 4 M at 85 %: 60 % fewer for the same score."
)
UNCOUNTED = say("the sizes of the networks are not all recorded")
DOUBLED = say("this library version counts the base network twice")


@rule(
    "PAI901",
    "parameters-bought-little",
    section="O9",
    part="optimization",
    ids=(
        *("O9.1", "O9.2", "O9.3", "O9.4", "O9.5", "O9.6", *FEWER_MODULES, "O9.12", "O9.14"),
        *("I5.2", "I5.3", "C12"),
    ),
    needs="kept",
    effort="retrain",
)
def parameters_bought_little(case: Case, this: RuleIdentity) -> Outcome:
    """The network grew much for a gain that is not established, or the last set bought far less than the first.

    What it looks for: growth of half or more with a gain within the noise, or a last set with less than a tenth of the
    first one's gain per parameter. A last set that the run did not finish does not count.
    Why it matters: a smaller network would do as well.
    What to try: fewer sets, fewer layers near the input, or a smaller base network that is perforated.
    When it is wrong: where size does not matter.
    Where it comes from: O9.1 to O9.6, O9.11, O9.12, O9.14, D14; no source names an absolute limit, so none is used. Each
    set adds about input × output weights per module; the counts in the files are exact.
    """
    held, gains = case.analysis.efficiency, case.analysis.gains
    if case.analysis.identity.direction == "undecided":
        return this.not_applicable(say("the direction of the score is not known"))
    if held.growth is None:
        return this.not_applicable(UNCOUNTED, COUNT)
    if held.doubled_base:
        return this.not_applicable(DOUBLED, COUNT)
    if case.verdict == "confounded":
        return this.not_applicable(say("the gain cannot be credited to the parameters that dendrites added"))
    noise = gains.gain_class in {"within-noise", "uncertain"} and held.growth >= case.settings.limits.growth_unproven
    ratios = _known_ratios(case)
    if not noise and not _last_set_poor(ratios, case.settings.limits):
        return this.clear(say("parameters grew by {g}", g=percent(held.growth)))
    return this.fired(
        "low",
        "high" if noise else "medium",
        say(
            "The network is {x} as large for a gain that is not established"
            if noise
            else f"The last set gained {{b}} {_unit(case)} per +100 % parameters, less than {{p}} of the first one's {{a}}",
            x=times(1 + held.growth),
            p=percent(case.settings.limits.poor_return),
            a=number(ratios[0] if ratios else None),
            b=number(ratios[-1] if ratios else None),
        ),
        _evidence(case, held),
        why=(REDUCE_FIRST, WORKFLOW, *_next_size(held)),
        steps=(*_fewer_modules(case), Step(text=say("Count parameters before and after."), code=COUNT)),
        next_check=_ratio(case, held),
    )


def _ratio(case: Case, held: Efficiency) -> Phrase:
    words = f"More than {{r}} {_unit(case)} per +100 % parameters, which is what this run reached."
    return say(words, r=number(held.gain_per_growth))


def _unit(case: Case) -> str:
    return "points" if case.analysis.identity.points_per_unit is not None else "% of the score"


def _known_ratios(case: Case) -> tuple[float, ...]:
    """Gain per +100 % parameters of every proven set."""
    ratios = case.analysis.efficiency.marginal
    proven = ratios[:-1] if case.analysis.lifecycle.last_set_proven is False else ratios
    return tuple(ratio for ratio in proven if ratio is not None)


def _last_set_poor(ratios: tuple[float, ...], limits: Limits) -> bool:
    return len(ratios) >= 2 and ratios[0] > 0 and ratios[-1] < limits.poor_return * ratios[0]


def _next_size(held: Efficiency) -> tuple[Phrase, ...]:
    if held.next_set is None:
        return ()
    return (say("One more set would make {n}: each also reads the sets before it.", n=count(held.next_set, "parameter")),)


def _evidence(case: Case, held: Efficiency) -> tuple[Evidence, ...]:
    file = case.analysis.file("best-scores") or case.analysis.file("parameter-counts")
    gain = case.analysis.gains.gain
    rows = [
        Evidence(label="parameters without dendrites", value=count(held.baseline), file=file, column=size_column(file)),
        Evidence(label="parameters of the best network", value=count(held.best), file=file, column=size_column(file)),
    ]
    if gain is not None:
        rows.append(
            Evidence(
                label="change",
                value=gain_quantity(metric_change(case.analysis, gain), signed=True),
                file=file,
                column="Max Valid Scores",
            )
        )
    return tuple(rows)


def _fewer_modules(case: Case) -> tuple[Step, ...]:
    """O9.9 to O9.11: by correlation scores where there are any, else the layers near the output, in the run's own names."""
    held = case.analysis.modules
    if held is None or len(held.modules) < 2:
        return (Step(text=say("Perforate fewer layers, those near the output first, or reduce the base width further.")),)
    if held.scored:
        ranked = sorted(held.modules, key=lambda module: (-(module.score or 0.0), module.position))
        good = sum(1 for module in ranked if module.tier == "good")
        keep = tuple(module.name for module in ranked[: max(good, 2)])
        words = "Convert only the modules with the highest correlation: "
    else:
        ordered = sorted(held.modules, key=lambda module: module.position)
        keep = tuple(module.name for module in ordered[-min(OUTPUT_END, len(ordered) - 1) :])
        words = "Convert only the last modules of the list, which see features that are processed already: "
    rest = [module.name for module in held.modules if module.name not in keep]
    if not rest:
        return (Step(text=say("Reduce the base width further and convert the same modules.")),)
    named = modules_named(keep[:SHOWN])
    return (excluding(case, rest, say(f"{words}{named.template}.", **dict(named.quantities))),)


@rule(
    "PAI902",
    "larger-than-original",
    section="O9",
    part="optimization",
    ids=("O9.7", "O9.8", "O9.9", "O9.10", *FEWER_MODULES, "O9.13"),
    needs="kept",
    effort="retrain",
)
def larger_than_original(case: Case, this: RuleIdentity) -> Outcome:
    """The perforated network is larger than the original model it should replace.

    What it looks for: the best network's parameters against `--original-params`.
    Why it matters: the point of reducing and perforating is a smaller model with the same score.
    What to try: perforate fewer layers, those near the output or with the best correlation first; reduce the base width
    further.
    When it is wrong: when the goal is a better score, not a smaller model.
    Where it comes from: O9.7 to O9.11, O9.13; the files do not hold the original size. Every perforated module gets the same
    number of dendrites, so it is their size and their correlation that tell them apart.
    """
    held = case.analysis.efficiency
    if held.original is None:
        return this.not_applicable(
            say(
                "the original model's size is not in the files; if the perforated model is larger than it, perforate fewer "
                "layers, those near the output first (give the size with `--original-params N`)"
            )
        )
    if held.best is None:
        return this.not_applicable(UNCOUNTED, COUNT)
    if held.doubled_base:
        return this.not_applicable(DOUBLED, COUNT)
    if held.best <= held.original:
        return this.clear(say("{b} against {o} in the original model", b=count(held.best, "parameter"), o=count(held.original)))
    fewer = case.analysis.gains.optimal
    return this.fired(
        "medium",
        "high",
        say("The perforated network has {b}, the original model {o}", b=count(held.best, "parameter"), o=count(held.original)),
        _evidence(case, held),
        why=(say("The base network was reduced too little, or too many layers were perforated."), REDUCE_FIRST),
        action=say("**Perforate fewer layers**, those near the output first, or reduce the base network further."),
        steps=steps(
            *_fewer_modules(case),
            Step(text=say("Reduce the width of the base network further, then perforate it again.")),
            change(case, "max_dendrites", str(fewer), text=say("Keep only the sets that brought the gain."))
            if fewer and fewer < case.analysis.lifecycle.kept
            else None,
        ),
        next_check=say("Fewer than {o} at the old score.", o=count(held.original, "parameter")),
    )


RULES = (parameters_bought_little, larger_than_original)
