"""O3: which modules are worth dendrites, by their correlation scores (perforated backpropagation only)."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, code, correlation, count, say, word
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.selection import checklist_limit, excluding
from pai_report.advice.words import DEBUG, modules_named, source
from pai_report.analysis.model import Module
from pai_report.library import dimensions

SHOWN = 8
BY_GRADIENT = say("gradient-descent dendrites have no correlation scores; only the list of modules is known")
NO_ROWS = say("the file of correlation scores holds no rows yet")
NO_FILE = say("there is no file of correlation scores that could be read")
EXCLUDE = say("Leave these modules out; the ids are exact paths and start with a dot.")


@rule(
    "PAI301",
    "low-correlation-modules",
    section="O3",
    part="optimization",
    ids=("O3.1", "O3.3", "O3.4", "O3.5", "O3.6", "O3.7", "A25", "A26", "A27", "A28", "A29", "I6.2", "C5"),
    needs="tried",
)
def low_correlation_modules(case: Case, this: RuleIdentity) -> Outcome:
    """Some modules' dendrites hardly correlate with the learning signal.

    What it looks for: correlation scores (of dendrite activations with the network's gradients) whose median over the sets
    is below 0.01 and at least 0.001, in some modules but not in all.
    Why it matters: dendrites there cost parameters and learn little.
    What to try: exclude these modules with their exact ids.
    When it is wrong: scores restart with each set; a module can be low in one and useful in the next.
    Where it comes from: O3.1 to O3.7, C5. The checklist's limit of 0.3 would exclude every module of every run seen.
    """
    held = case.analysis.modules
    if held is None or not held.scored:
        return this.not_applicable(_no_scores(case))
    low = _exclusion(held.modules)
    if not low:
        best = correlation(max((module.score or 0.0 for module in held.modules), default=0.0))
        if any(module.tier == "low" for module in held.modules):
            return this.clear(
                say("no module is better than low (best score {b}); leaving all of them out is no advice", b=best)
            )
        return this.clear(say("no module is low; best score {b}", b=best))
    return this.fired(
        "medium",
        "medium",
        say(
            "{n} of {m} modules have correlation scores below {l}",
            n=count(len(low)),
            m=count(len(held.modules)),
            l=correlation(case.settings.limits.pb_low),
        ),
        tuple(_module_evidence(case, module) for module in low[:SHOWN]),
        why=(
            say("These modules showed low dendrite correlation. Excluding them will focus resources on high-impact layers."),
            say(
                "The scores tell how well dendrite activations follow the network's gradients; without the low ones the "
                "network has fewer parameters."
            ),
        ),
        limit=say(
            "rule: below {l} low, above {g} good ({s})",
            l=correlation(case.settings.limits.pb_low),
            g=correlation(case.settings.limits.pb_good),
            s=source(case, "pb_low", "pb_good"),
        ),
        action=say("**Leave {n} out** of the perforated modules.", n=count(len(low), "low module")),
        steps=(excluding(case, [module.name for module in low], EXCLUDE),),
        next_check=say("The best score stays, with fewer parameters."),
        differs=checklist_limit(held),
    )


def _no_scores(case: Case) -> Phrase:
    """Why there are none: the mode has none, the file of a run that should have some is empty, or there is no file."""
    if case.analysis.identity.mode == "gd":
        return BY_GRADIENT
    held = case.analysis.modules
    return NO_ROWS if held is not None and held.file else NO_FILE


def _exclusion(modules: tuple[Module, ...]) -> tuple[Module, ...]:
    """Low modules, unless that would leave fewer than the best two (C5: never exclude all)."""
    low = tuple(module for module in modules if module.tier == "low")
    others = [module for module in modules if module.tier in {"marginal", "good"}]
    return low if others else ()


def _module_evidence(case: Case, module: Module) -> Evidence:
    held = case.analysis.modules
    return Evidence(
        label=module.name,
        value=correlation(module.score),
        file=held.file if held else None,
        column=f"Best ever for all nodes Layer {module.name}",
    )


@rule("PAI302", "modules-not-learning", section="O3", part="optimization", ids=("O3.3", "C5"), needs="tried", effort="script")
def modules_not_learning(case: Case, this: RuleIdentity) -> Outcome:
    """Dendrites of some modules do not learn at all.

    What it looks for: correlation below 0.001, zero included.
    Why it matters: that is noise by the library's own documentation; something is wrong with the wrapping, not the choice.
    What to try: check the module's processor and output dimensions.
    When it is wrong: a module that gets no gradient by design.
    Where it comes from: C5, D12, the library's documentation.
    """
    held = case.analysis.modules
    if held is None or not held.scored:
        return this.not_applicable(_no_scores(case))
    dead = tuple(module for module in held.modules if module.tier == "not-learning")
    if not dead:
        return this.clear(say("every module's score is above {l}", l=correlation(case.settings.limits.pb_not_learning)))
    named = modules_named(tuple(module.name for module in dead[:SHOWN]))
    return this.fired(
        "high",
        "medium",
        say("Dendrites of {n} do not learn", n=count(len(dead), "module")),
        tuple(_module_evidence(case, module) for module in dead[:SHOWN]),
        why=(say(f"Correlation below 0.001 is noise: {named.template}.", **dict(named.quantities)),),
        limit=say(
            "rule: below {l} ({s})",
            l=correlation(case.settings.limits.pb_not_learning),
            s=source(case, "pb_not_learning"),
        ),
        action=say(
            "**Check how {n} wrapped**: output dimensions and processors.",
            n=word("the module is" if len(dead) == 1 else "these modules are"),
        ),
        steps=(
            Step(
                text=say(
                    "Give a module with another output layout its own; {d} is for [batch, steps, neurons].",
                    d=code("[-1, -1, 0]"),
                ),
                code=dimensions(case.analysis.identity.versions, "[-1, -1, 0]"),
            ),
            Step(text=DEBUG),
        ),
        next_check=say("Their scores rise above 0.001 within the first dendrite phase."),
        differs=say("The checklist would leave such modules out; so low a score is a fault in the wrapping first."),
    )


@rule(
    "PAI303",
    "all-modules-correlate",
    section="O3",
    part="optimization",
    ids=("O3.2", "O3.8", "O3.9", "I6.1"),
    needs="gain",
    effort="retrain",
)
def all_modules_correlate(case: Case, this: RuleIdentity) -> Outcome:
    """Every module's dendrites correlate well: the selection works.

    What it looks for: all scores above 0.02.
    Why it matters: further layer types may be worth converting.
    What to try: convert layer types that were left out, if any were.
    When it is wrong: when parameters matter more than the last bit of score.
    Where it comes from: O3.2, O3.8, O3.9.
    """
    held = case.analysis.modules
    if held is None or not held.scored:
        return this.not_applicable(_no_scores(case))
    if any(module.tier != "good" for module in held.modules):
        return this.clear(say("not every module is above {g}", g=correlation(case.settings.limits.pb_good)))
    return this.fired(
        "low",
        "medium",
        say("All {n} correlate well with the learning signal", n=count(len(held.modules), "module")),
        tuple(_module_evidence(case, module) for module in held.modules[:SHOWN]),
        why=(say("The present selection works; layer types that were left out may be worth converting too."),),
        steps=(_include(case),),
        next_check=say("A layer that is converted anew scores above {g} as well.", g=correlation(case.settings.limits.pb_good)),
    )


def _include(case: Case) -> Step:
    """O3.9: the layers that were left out, where the settings name some."""
    excluded = case.library.module_ids_to_track
    if not excluded:
        return Step(text=say("See whether a layer type of the network is not converted yet, and try it."))
    named = modules_named(excluded[:SHOWN])
    return Step(text=say(f"Convert one of the excluded modules as well: {named.template}.", **dict(named.quantities)))


RULES = (low_correlation_modules, modules_not_learning, all_modules_correlate)
