"""Which modules get dendrites: leaving some out, and the limit of the checklist that would leave out all."""

from pai_report.advice.model import Step
from pai_report.advice.phrases import Phrase, count, say
from pai_report.advice.rule import Case
from pai_report.advice.words import setting
from pai_report.analysis.model import Modules
from pai_report.library import appender


def excluding(case: Case, ids: list[str], text: Phrase) -> Step:
    """The step that leaves the modules `ids` out as well; the library appends them to those that are left out already."""
    held = setting(case, "module_ids_to_track")
    return Step(
        text=text,
        setting=held.name,
        old=held.value,
        old_origin=held.origin,
        new=repr([*case.library.module_ids_to_track, *ids]),
        code=appender(case.analysis.identity.versions, held.name, repr(ids)),
    )


def checklist_limit(held: Modules) -> Phrase:
    """C5: how many modules the checklist's limit for correlation scores would flag, and why it is not asked."""
    return say(
        "The checklist's limit of 0.3 would flag {k} of {m} and is not used: in published runs no module reaches it.",
        k=count(held.below_checklist_limit),
        m=count(len(held.modules), "module"),
    )
