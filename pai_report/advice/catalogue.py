"""The catalogue: every rule once, in the order of its code, with a page for each."""

import inspect

from pai_report.advice import troubleshooting, trust
from pai_report.advice.optimization import (
    dendrite_count,
    duration,
    efficiency,
    expansion,
    generalization,
    initialisation,
    learning_rate,
    modules,
    switch_timing,
)
from pai_report.advice.rule import Rule
from pai_report.errors import ExpectedError

_PARTS = (
    trust,
    troubleshooting,
    dendrite_count,
    switch_timing,
    modules,
    learning_rate,
    initialisation,
    duration,
    expansion,
    generalization,
    efficiency,
)
CATALOGUE: tuple[Rule, ...] = tuple(sorted((rule for part in _PARTS for rule in part.RULES), key=lambda rule: rule.code))


def listing() -> str:
    """One line per rule: code, section and what it says."""
    return "\n".join(f"{rule.code}  {rule.identity.section:<2}  {_title(rule)}" for rule in CATALOGUE) + "\n"


def page(code: str) -> str:
    """The page of one rule, from its docstring. Raises ExpectedError for an unknown code."""
    for rule in CATALOGUE:
        if rule.code == code.upper():
            return f"{rule.code} {rule.identity.slug}\n\n{inspect.getdoc(rule.judge)}\n"
    raise ExpectedError("unknown-rule", f"There is no rule {code!r}.", "`pai-report rules` lists every code.")


def _title(rule: Rule) -> str:
    return (inspect.getdoc(rule.judge) or "").partition("\n")[0]
