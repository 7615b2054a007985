"""Why a check found nothing or could not be made: the line is true of the run it stands under."""

from dataclasses import replace

import pytest
from advice_cases import case, improved_run, phase
from advice_firing import unscored
from conftest import real_run

from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.model import Clear, NotApplicable
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Settings


def outcome(code: str, analysis: Analysis) -> tuple[str, str]:
    """The kind of outcome of one rule, and its line."""
    held = next(rule for rule in CATALOGUE if rule.code == code).apply(case(analysis))
    assert isinstance(held, Clear | NotApplicable)
    return type(held).__name__, plain_text(held.shown if isinstance(held, Clear) else held.reason)


def not_made(folder: str, inner: str) -> dict[str, str]:
    """The checks of a real run that could not be made, each with its reason."""
    checks = judge(analyse(read_run(real_run(folder, inner)), Settings()), Settings()).checks
    return {held.code: plain_text(held.reason) for held in checks.not_applicable}


@pytest.mark.parametrize(("folder", "inner"), [("digits-329-first-failed", "late_extra"), ("v2run", "v2run")])
def test_a_recorded_learning_rate_is_not_called_missing(folder: str, inner: str) -> None:
    """Both runs have a file of learning rates; their only set was rejected, so that no addition is left to look at."""
    assert not_made(folder, inner)["PAI011"] == "no set was kept, so that no addition is in the final files"


def test_a_missing_learning_rate_is_called_missing() -> None:
    """Without a file nothing is known; with one that stops before the additions only their rates are not."""
    run = improved_run()
    short = replace(run, additions=tuple(replace(held, lr_after=None) for held in run.additions))

    assert (
        outcome("PAI011", replace(run, track=replace(run.track, learning_rate=None)))[1] == "the learning rate is not recorded"
    )
    assert outcome("PAI011", short)[1] == "the learning rate after the additions is not recorded"


def test_one_epoch_shows_neither_direction_nor_a_self_test() -> None:
    """A run that was killed after its first epoch, and whose direction no file tells."""
    reasons = not_made("resnet-pb-killed", "PAI")

    assert reasons["PAI001"] == "the direction of the score is not known"
    assert reasons["PAI002"] == "1 epoch recorded, 0 sets kept: too few to see whether a set comes every epoch"


def test_a_run_of_some_length_is_no_self_test() -> None:
    """The phases have 20, 20 and 30 epochs."""
    phases = (*improved_run().phases[:2], phase(2, last=69))
    assert outcome("PAI002", improved_run(phases=phases)) == ("Clear", "the longest phase has 30 epochs")


def test_the_direction_is_shown_by_the_first_phase() -> None:
    """From 70 to a best of 80; a single score shows no direction."""
    single = (phase(0, series=(70.0, None), last=1), *improved_run().phases[1:])

    assert outcome("PAI001", improved_run()) == (
        "Clear",
        "from 70.00 to a best of 80.00 in the first phase, judged by maximize",
    )
    assert outcome("PAI001", improved_run(phases=single)) == ("NotApplicable", "the first phase holds 1 score")


@pytest.mark.parametrize("code", ["PAI301", "PAI302", "PAI303"])
def test_a_file_of_correlation_scores_without_rows_is_no_sign_of_gradient_descent(code: str) -> None:
    """Perforated Backpropagation with the header only; by gradient descent the same file never gets rows."""
    run = improved_run(modules=unscored(".fc1", ".fc2"))
    early = replace(run, identity=replace(run.identity, mode="pb"))
    absent = replace(early, modules=None)

    assert outcome(code, early)[1] == "the file of correlation scores holds no rows yet"
    assert outcome(code, absent)[1] == "there is no file of correlation scores that could be read"
    assert outcome(code, run)[1].startswith("gradient-descent dendrites have no correlation scores")
