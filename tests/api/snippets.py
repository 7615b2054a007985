"""Every line of code that a report can print, gathered from the rules over built cases, samples and real runs."""

from collections.abc import Iterator
from dataclasses import replace

from advice_cases import case
from advice_firing import BRANCHES, FIRES
from conftest import run_folders

from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.model import Finding, NotApplicable, Step
from pai_report.advice.phrases import say
from pai_report.advice.rule import Case, Outcome
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.library import training_loop
from pai_report.report.missing import NEEDS
from pai_report.run.read import read_run
from pai_report.settings import Settings

TESTED_VERSION = "3.2.9"


def snippets() -> tuple[Step, ...]:
    """The steps with code, each once; the training loop, whose code differs only in its direction and patience, apart."""
    loops = {training_loop(minimizing=minimizing, patience=4) for minimizing in (False, True)}
    held = {(step.setting, step.new, step.code): step for step in _all() if step.code and step.code not in loops}
    return tuple(held[key] for key in sorted(held, key=str))


def _all() -> Iterator[Step]:
    for remedy in NEEDS.values():
        yield Step(text=say("as the report names what is missing"), code=remedy.code)
    for given in (*(case(held) for held in FIRES.values()), *(given for _code, given in BRANCHES.values())):
        for rule in CATALOGUE:
            yield from _of(rule.apply(given))
    for analysis in _recorded():
        for finding in judge(analysis, Settings()).findings:
            yield from finding.steps
        for rule in CATALOGUE:
            yield from _of(rule.apply(Case(analysis=analysis, settings=Settings(), verdict=case(analysis).verdict)))


def _of(outcome: Outcome) -> tuple[Step, ...]:
    if isinstance(outcome, Finding):
        return outcome.steps
    if isinstance(outcome, NotApplicable) and outcome.remedy:
        return (Step(text=say("as the check names what is missing"), code=outcome.remedy),)
    return ()


def _recorded() -> Iterator[Analysis]:
    """Every run folder, told as if this library version had written them."""
    for folder in run_folders():
        try:
            analysis = analyse(read_run(folder), Settings())
        except ExpectedError:
            continue
        yield replace(analysis, identity=replace(analysis.identity, versions=(TESTED_VERSION, TESTED_VERSION)))
