"""O7: converting more of the network, once dendrites are shown to help."""

from pai_report.advice.model import Evidence
from pai_report.advice.phrases import code, count, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import (
    BEST,
    assured,
    change,
    gain_quantity,
    metric_change,
    setting,
    setting_evidence,
    steps,
)

CONVOLUTIONS = {"Conv1d", "Conv2d", "Conv3d"}


@rule("PAI701", "layer-types-left-out", section="O7", part="optimization", ids=("O7.1", "O7.2"), needs="gain", effort="retrain")
def layer_types_left_out(case: Case, this: RuleIdentity) -> Outcome:
    """Dendrites helped, and only linear layers are converted.

    What it looks for: an established gain, and a configuration without convolutions among the layer types to perforate.
    Why it matters: the same gain may be had in the layers that were left out.
    What to try: add `Conv2d` to the layer types.
    When it is wrong: a network without convolutions, or one that must stay small.
    Where it comes from: O7.1, O7.2; library 3.2.9 converts convolutions and linear layers by default.
    """
    held = setting(case, "module_names_to_perforate")
    names = case.library.module_names_to_perforate
    if not names:
        return this.not_applicable(say("the list of layer types could not be read"))
    if CONVOLUTIONS & set(names):
        return this.clear(say("convolutions are among the layer types to convert"))
    new = str([*names, "Conv2d"])
    return this.fired(
        "low",
        assured(case, "low", "module_names_to_perforate"),
        say("Only {n} converted although dendrites helped", n=count(len(names), "layer type is|layer types are")),
        (setting_evidence(held), *_gain(case)),
        why=(say("If the network has convolutions, dendrites there may help as well."),),
        steps=steps(change(case, "module_names_to_perforate", new)),
        next_check=say("The larger network gains more than this one did."),
    )


@rule("PAI702", "modules-excluded", section="O7", part="optimization", ids=("O7.1", "O7.3"), needs="gain", effort="retrain")
def modules_excluded(case: Case, this: RuleIdentity) -> Outcome:
    """Dendrites helped, and some modules are excluded by id.

    What it looks for: an established gain and a non-empty `module_ids_to_track`.
    Why it matters: the excluded layers may gain as well.
    What to try: set the list again without the layers to try; there is no call that removes an id.
    When it is wrong: modules that were excluded for their low correlation.
    Where it comes from: O7.1, O7.3.
    """
    held = setting(case, "module_ids_to_track")
    ids = case.library.module_ids_to_track
    if not ids:
        return this.clear(say("no module is excluded by id"))
    return this.fired(
        "low",
        "low",
        say("{n} excluded although dendrites helped", n=count(len(ids), "module is|modules are")),
        (setting_evidence(held), *_gain(case)),
        why=(say("Including one of them at a time shows whether it gains too."),),
        steps=steps(change(case, "module_ids_to_track", str(list(ids[1:])), text=say("Include {m} again.", m=code(ids[0])))),
        next_check=say("The score improves by more than the noise."),
    )


def _gain(case: Case) -> tuple[Evidence, ...]:
    gains = case.analysis.gains
    if gains.gain is None:
        return ()
    shown = gain_quantity(metric_change(case.analysis, gains.gain), signed=True)
    return (Evidence(label="change", value=shown, file=case.analysis.file("best-scores"), column=BEST),)


RULES = (layer_types_left_out, modules_excluded)
