"""The catalogue: every rule once, in the order of its code, with a page for each."""

import inspect
from difflib import get_close_matches

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


def page(name: str) -> str:
    """The page of one rule, from its docstring, by its code, the number in it or its slug.

    Raises ExpectedError "unknown-rule", with what may have been meant.
    """
    wanted = name.strip().lower()
    for rule in CATALOGUE:
        if wanted in _names(rule):
            return f"{rule.code} {rule.identity.slug}\n\n{inspect.getdoc(rule.judge)}\n"
    raise ExpectedError("unknown-rule", f"There is no rule {name!r}.", f"{_near(wanted)}`pai-report rules` lists every code.")


def _names(rule: Rule) -> tuple[str, str, str]:
    return rule.code.lower(), rule.code.removeprefix("PAI"), rule.identity.slug


def _near(wanted: str) -> str:
    """The rules with a name close to `wanted`, as a question."""
    rules = {name: rule for rule in CATALOGUE for name in _names(rule)}
    near = dict.fromkeys(rules[name] for name in get_close_matches(wanted, rules, n=3))
    return f"Did you mean {' or '.join(f'{rule.code} ({rule.identity.slug})' for rule in near)}? " if near else ""


def _title(rule: Rule) -> str:
    return (inspect.getdoc(rule.judge) or "").partition("\n")[0]
