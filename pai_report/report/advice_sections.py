"""Troubleshooting, optimization 1 to 9 and next steps, in the order of the requirements."""

from dataclasses import replace

from pai_report.advice.model import Clear, Evidence, Finding, Judgement, NotApplicable, Step
from pai_report.report.document import (
    Block,
    FindingCard,
    Paragraph,
    Prose,
    Remark,
    Section,
    Span,
    StepItem,
    Table,
    Text,
)
from pai_report.report.rows import column
from pai_report.report.text import epochs_text, join, named, phrase_text, quantity_text, shortened, text

TROUBLESHOOTING = {
    "X": "Can the files be trusted?",
    "T1": "No dendrites added",
    "T2": "Dendrites did not improve the score",
    "T3": "Unstable training",
}
OPTIMIZATION = {
    "O1": "1 · Dendrite count",
    "O2": "2 · Improvement threshold and switch timing",
    "O3": "3 · Module selection",
    "O4": "4 · Learning rate and scheduler",
    "O5": "5 · Weight initialization for dendrites",
    "O6": "6 · Training duration",
    "O7": "7 · Architecture expansion",
    "O8": "8 · Regularization and generalization",
    "O9": "9 · Parameter efficiency",
}
FILE_LENGTH = 64  # characters of a file name in the evidence of a card
HELD_BACK = (
    "No gain from dendrites is established in this run, so advice that builds on one (more sets, more layers) is held back"
)
BELOW = "; what is below makes the next run cheaper or its answer clearer."
NEXT_STEPS = """\
1. Update the training script with the changes above.
2. Train again, under a save name of its own.
3. Run pai-report on the new folder and see whether the changes helped.

For help, say “Debug my perforated model” (for a new one “Perforate my model”) to the PerforatedAI assistant.
"""


def troubleshooting(judgement: Judgement) -> Section:
    """The verdict sentence when there are issues, then what was found, in the order of the requirements."""
    findings = tuple(finding for finding in judgement.findings if _group(finding) in TROUBLESHOOTING)
    opening = (Paragraph(text=text(judgement.verdict.sentence)),) if _has_issues(judgement) else ()
    nothing = () if findings else (Paragraph(text=text(_nothing_here(judgement))),)
    sections = tuple(
        Section(
            id=f"troubleshooting-{key.lower()}",
            title=title,
            blocks=tuple(card(held) for held in findings if _group(held) == key),
        )
        for key, title in TROUBLESHOOTING.items()
        if any(_group(held) == key for held in findings)
    )
    return Section(id="troubleshooting", title="Troubleshooting", blocks=(*opening, *nothing), sections=sections)


def _nothing_here(judgement: Judgement) -> str:
    if _has_issues(judgement):
        return "What was found concerns the next run; it stands under optimization."
    return "Nothing in this part was found; the appendix lists the checks."


def optimization(judgement: Judgement) -> Section:
    """Sections 1 to 9; those that found nothing share one table."""
    findings = tuple(finding for finding in judgement.findings if _group(finding) in OPTIMIZATION)
    opening: tuple[Block, ...]
    if judgement.verdict.code == "improved":
        opening = () if _has_issues(judgement) else (Paragraph(text=text(judgement.verdict.sentence)),)
    else:
        opening = (Remark(text=text(HELD_BACK + (BELOW if findings else "."))),)
    sections = tuple(
        Section(
            id=f"optimization-{key.lower()}", title=title, blocks=tuple(card(held) for held in findings if _group(held) == key)
        )
        for key, title in OPTIMIZATION.items()
        if any(_group(held) == key for held in findings)
    )
    return Section(id="optimization", title="Optimization", blocks=opening, sections=sections)


def checked(judgement: Judgement, undrawn: tuple[Remark, ...] = ()) -> Section:
    """Every check that found nothing, with the number that shows it, and every one that could not be made; what failed."""
    checks = judgement.checks
    blocks: list[Block] = []
    if checks.clear:
        blocks.append(_clear_table(checks.clear))
    if checks.not_applicable:
        blocks.append(_not_applicable_table(checks.not_applicable))
    blocks += [
        Remark(text=text(f"Check {held.code} ({held.slug}) failed and is left out: {held.error}"), tone="caution")
        for held in checks.broken
    ]
    blocks += undrawn
    summary = (
        f"{len(checks.fired)} of {_total(judgement)} checks found something, {len(checks.clear)} found nothing, "
        f"{len(checks.not_applicable)} could not be made, {len(checks.broken)} failed."
    )
    if checks.off:
        summary += f" {len(checks.off)} switched off: {', '.join(f'{held.slug} {held.code}' for held in checks.off)}."
    if undrawn:
        summary += f" {len(undrawn)} picture{'s' * (len(undrawn) > 1)} could not be drawn."
    opening = Paragraph(text=text(summary), role="small")
    return Section(id="checked", title="Checked, nothing to change", blocks=(opening, *blocks), appendix=True)


def next_steps() -> Section:
    """P1 to P4."""
    return Section(id="next-steps", title="Next steps", blocks=(Prose(markdown=NEXT_STEPS),))


def card(finding: Finding) -> FindingCard:
    """A finding as a card."""
    return FindingCard(
        id=finding.code.lower(),
        code=finding.code,
        severity=finding.severity,
        confidence=finding.confidence,
        title=phrase_text(finding.title),
        why=tuple(phrase_text(held) for held in finding.why),
        evidence=tuple(evidence(held) for held in finding.evidence),
        limit=() if finding.limit is None else phrase_text(finding.limit),
        steps=tuple(_step(held) for held in finding.steps),
        effect=() if finding.effect is None else phrase_text(finding.effect),
        next_check=() if finding.next_check is None else phrase_text(finding.next_check),
        folded=_folded(finding),
    )


def evidence(held: Evidence) -> Text:
    """One number with its place: label, value, file, column, epochs. A long file name is shortened; the ledger holds it."""
    style = "code" if held.value.unit == "code" else "plain"
    shown = (*named(held.label), Span(text=" "), Span(text=quantity_text(held.value), style=style))  # type: ignore[arg-type]
    file = None if held.file is None else shortened(held.file, FILE_LENGTH)
    place = place_of(replace(held, file=file))
    return (*shown, Span(text=" · "), *place) if place else shown


def place_of(held: Evidence) -> Text:
    """Where a number stands: file, column, epochs."""
    parts = [named(part) for part in (held.file, held.column) if part]
    if held.epochs is not None:
        parts.append(text(epochs_text(held.epochs) + (" trained" if held.real else "")))
    return join(tuple(parts), ", ")


def _group(finding: Finding) -> str:
    return "X" if finding.part == "trust" else finding.section


def _has_issues(judgement: Judgement) -> bool:
    return judgement.verdict.sentence.startswith("I see")


def _total(judgement: Judgement) -> int:
    checks = judgement.checks
    return len(checks.fired) + len(checks.clear) + len(checks.not_applicable) + len(checks.broken) + len(checks.off)


def _step(held: Step) -> StepItem:
    return StepItem(text=phrase_text(held.text), setting=held.setting, old=_old(held), new=held.new, code=held.code)


def _old(held: Step) -> str | None:
    if held.old is None or held.old_origin != "default":
        return held.old
    return f"{held.old} (default)"


def _folded(finding: Finding) -> tuple[Text, ...]:
    differs = () if finding.differs is None else (phrase_text(finding.differs),)
    return (*differs, *(phrase_text(held) for held in finding.considered))


def _clear_table(clear: tuple[Clear, ...]) -> Table:
    columns = (column("Check", "left"), column("Section", "left"), column("What was seen", "left"))
    rows = tuple((_check(held.code, held.slug), text(held.section), phrase_text(held.shown)) for held in clear)
    return Table(id="clear", caption=text("Checked, nothing found"), columns=columns, rows=rows, first_is_header=True)


def _not_applicable_table(held: tuple[NotApplicable, ...]) -> Table:
    """One row per reason, with every check that it kept from being made."""
    columns = (column("Check", "left"), column("Why it could not be made", "left"))
    by_reason: dict[Text, list[Text]] = {}
    for part in held:
        by_reason.setdefault(_reason(part), []).append(_check(part.code, part.slug))
    rows = tuple((join(tuple(checks), ", "), reason) for reason, checks in by_reason.items())
    return Table(id="not-applicable", caption=text("Could not be judged"), columns=columns, rows=rows, first_is_header=True)


def _reason(held: NotApplicable) -> Text:
    reason = phrase_text(held.reason)
    return reason if held.remedy is None else (*reason, Span(text="; next time: "), Span(text=held.remedy, style="code"))


def _check(code: str, slug: str) -> Text:
    return (Span(text=slug.replace("-", " ")), Span(text=f" {code}", style="emphasis"))
