"""T2.1 and T2.3: which layers have dendrites, and how their outputs are laid out."""

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase, code, say
from pai_report.advice.rule import Case
from pai_report.advice.words import modules_named, setting
from pai_report.library import dimensions

SHOWN_MODULES = 4


def perforated(case: Case) -> Phrase | None:
    """The modules with dendrites, from the file of correlation scores; else the layer types that the run itself asked for."""
    held = case.analysis.modules
    if held is not None and held.modules:
        named = modules_named(tuple(module.name for module in held.modules[:SHOWN_MODULES]))
        rest = len(held.modules) - SHOWN_MODULES
        more = f" and {rest} more" if rest > 0 else ""
        return Phrase(template=f"Perforated modules: {named.template}{more}.", quantities=named.quantities)
    asked = setting(case, "module_names_to_perforate")
    return None if asked.origin == "default" else say("Perforated layer types: {t}.", t=code(asked.value))


def output_layout(case: Case) -> Step:
    """T2.3 under the name that the run's library version has for it."""
    return Step(
        text=say(
            "Give layers whose output is not [batch, neurons] its layout, for [batch, steps, neurons] {c}; or convert others.",
            c=code(dimensions(case.analysis.identity.versions, "[-1, -1, 0]")),
        )
    )
