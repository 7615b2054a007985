"""I6: which modules got dendrites, and which of them learned."""

from pai_report.advice.phrases import correlation, count, name, say
from pai_report.advice.selection import checklist_limit
from pai_report.advice.words import modules_named
from pai_report.analysis.model import Analysis, Module, Modules
from pai_report.report.document import Row, Table, Text
from pai_report.report.missing import missing
from pai_report.report.rows import cell, column, counted_table, missing_row, row
from pai_report.report.text import named, text

TIERS = {"good": "good", "marginal": "marginal, keep", "low": "low", "not-learning": "not learning"}
SHOWN = 8
TABLE_ROWS = 20


def rows(analysis: Analysis) -> tuple[Row, ...]:
    """I6.1 to I6.3; where there are scores, the limit of the checklist as well (C5)."""
    held = analysis.modules
    return (_benefited(analysis, held), _exclude(analysis, held), *_checklist(held), _distribution(analysis, held))


def tables(analysis: Analysis) -> tuple[Table, ...]:
    """Correlation scores per module, best first."""
    held = analysis.modules
    if held is None or not held.scored:
        return ()
    ranked = sorted(held.modules, key=lambda module: (-(module.score or 0.0), module.position))
    columns = (column("Module", "left"), column("Median"), column("Lowest"), column("Highest"), column("Tier", "left"))
    body = tuple(_module_row(module) for module in ranked)
    caption = text(
        "Best correlation per module over the dendrite phases (A25); the limits of the tiers are among the limits used"
    )
    table = Table(id="module-scores", caption=caption, columns=columns, rows=body, first_is_header=True)
    return (counted_table(table, TABLE_ROWS),)


def _module_row(module: Module) -> tuple[Text, ...]:
    return (
        named(module.name),
        cell(correlation(module.score)),
        cell(correlation(module.lowest)),
        cell(correlation(module.highest)),
        text(TIERS.get(module.tier or "", "–")),
    )


def _benefited(analysis: Analysis, held: Modules | None) -> Row:
    if held is None or not held.scored:
        return missing_row("I6.1", "Benefited most", missing(analysis, "module-scores"))
    best = max(held.modules, key=lambda module: module.score or 0.0)
    return row("I6.1", "Benefited most", say("{m}, correlation {c}", m=name(best.name), c=correlation(best.score)))


def _exclude(analysis: Analysis, held: Modules | None) -> Row:
    if held is None or not held.scored:
        return missing_row("I6.2", "To exclude", missing(analysis, "module-scores"))
    low = tuple(module.name for module in held.modules if module.tier == "low")
    if not low:
        return row("I6.2", "To exclude", say("none"))
    if not any(module.tier in {"good", "marginal"} for module in held.modules):
        words = say("none: all {n} are low, and excluding all of them is no advice", n=count(len(held.modules), "module"))
        return row(
            "I6.2",
            "To exclude",
            words if len(held.modules) > 1 else say("none: the only module is low, but it is all there is"),
        )
    shown = modules_named(low[:SHOWN])
    more = "" if len(low) <= SHOWN else f" and {len(low) - SHOWN} more"
    return row("I6.2", "To exclude", say(shown.template + more, **dict(shown.quantities)))


def _checklist(held: Modules | None) -> tuple[Row, ...]:
    return () if held is None or not held.scored else (row("C5", "Limit of 0.3", checklist_limit(held)),)


def _distribution(analysis: Analysis, held: Modules | None) -> Row:
    if held is None:
        return missing_row("I6.3", "Distribution", missing(analysis, "modules"))
    shown = modules_named(tuple(module.name for module in held.modules[:SHOWN]))
    more = "" if len(held.modules) <= SHOWN else f" and {len(held.modules) - SHOWN} more"
    kept = "{k} on every perforated module: " if analysis.lifecycle.kept else "no set was kept; the perforated modules are "
    words = kept + shown.template + more
    return row("I6.3", "Distribution", say(words, k=count(analysis.lifecycle.kept, "dendrite"), **dict(shown.quantities)))
