"""One convention in every place: the metric's own change, with lower or higher and better or worse."""

from dataclasses import replace

import pytest
from advice_cases import architecture, improved_run, noise_test

from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.rule import Case
from pai_report.advice.verdict import verdict_code
from pai_report.analysis.model import Analysis, Change, Direction
from pai_report.batch.row import told
from pai_report.pipeline import Study
from pai_report.report.contract import contract
from pai_report.report.front import key_figures
from pai_report.report.insights import impact
from pai_report.report.rows import in_metric
from pai_report.report.terminal import short_answer
from pai_report.report.text import plain_text
from pai_report.report.ticket.result import result
from pai_report.settings import Settings

BASE = 0.50
TABLE: list[tuple[Direction, float, str, str, str]] = [  # direction, best with dendrites, change of the metric, words
    ("maximize", 0.60, "+20.0 %", "higher", "better"),
    ("maximize", 0.45, "−10.0 %", "lower", "worse"),
    ("minimize", 0.45, "−10.0 %", "lower", "better"),
    ("minimize", 0.60, "+20.0 %", "higher", "worse"),
]


def run(direction: Direction, best: float) -> Analysis:
    """One kept set on a free scale, from 0.50 to `best`."""
    sign = -1 if direction == "minimize" else 1
    gain = Change(absolute=sign * (best - BASE), relative=sign * (best - BASE) / BASE, points=None, samples=None)
    test = replace(noise_test(1.0, "real" if gain.absolute > 0 else None), gain=gain, floor=0.01, expected=0.001)
    plain = improved_run()
    rows = (architecture(0, BASE, None), architecture(1, best, None, gain=gain, test=test))
    gains = replace(
        plain.gains,
        baseline=BASE,
        best=max(BASE, best, key=lambda score: sign * score),
        best_sets=1 if gain.absolute > 0 else 0,
        with_sets=1,
        gain=gain,
        gain_class=test.gain_class,
        test=test,
        architectures=rows,
        error_removed=None,
    )
    identity = replace(plain.identity, direction=direction, scale="free", points_per_unit=None, quantum=None, n_validation=None)
    return replace(plain, identity=identity, gains=gains, lifecycle=replace(plain.lifecycle, kept=1, tried=1, attempts=1))


def flat(words: str) -> str:
    """Words with plain spaces only."""
    return " ".join(words.replace("\u00a0", " ").split())


def texts(analysis: Analysis) -> dict[str, str]:
    """What each place says of the change."""
    judgement = judge(analysis, Settings())
    rows = {row.label: "".join(span.text for span in row.text) for row in impact.rows(analysis)}
    figure = key_figures(analysis).figures[0]
    table = {"".join(s.text for s in a): "".join(s.text for s in b) for a, b in result(analysis).rows}
    study = Study(analysis=analysis, judgement=judgement)
    return {
        "key figure": flat(f"{figure.value} {figure.unit} {''.join(span.text for span in figure.caption)}"),
        "gain of each set": flat(rows["Gain of each set"]),
        "index": flat(told(study).gain_text),
        "terminal": flat(short_answer(analysis, judgement)),
        "ticket": flat(table["Gain"]),
    }


@pytest.mark.parametrize(("direction", "best", "change", "way", "judged"), TABLE)
def test_every_place_shows_the_metric_s_own_change(
    direction: Direction, best: float, change: str, way: str, judged: str
) -> None:
    """A loss that fell by a tenth is −10.0 %, lower and better, on page one, in tables, index, terminal and ticket."""
    said = texts(run(direction, best))
    opposite = ("better" if judged == "worse" else "worse", "lower" if way == "higher" else "higher")

    for place in ("key figure", "gain of each set", "index", "terminal"):
        assert change in said[place] or change.replace(" ", "") in said[place].replace(" ", ""), place
    for place in ("key figure", "gain of each set", "ticket", "terminal"):
        assert f"{way}" in said[place], place
        assert f"{opposite[1]} by" not in said[place], place
    assert all(judged in words for words in said.values())
    assert [place for place in ("key figure", "gain of each set", "index", "ticket") if opposite[0] in said[place]] == []


@pytest.mark.parametrize(("direction", "best", "judged"), [(row[0], row[1], row[4]) for row in TABLE])
def test_json_holds_the_change_and_the_gain(direction: Direction, best: float, judged: str) -> None:
    """`change` in the metric's own sign, `gain` positive where it is better."""
    analysis = run(direction, best)
    scores = contract(analysis, judge(analysis, Settings())).scores

    assert scores.change == pytest.approx(best - BASE)
    assert scores.gain is not None
    assert (scores.gain > 0) is (judged == "better")


@pytest.mark.parametrize(("direction", "best"), [row[:2] for row in TABLE])
def test_no_sentence_says_fell_of_what_rose(direction: Direction, best: float) -> None:
    """No check says that a score fell, rose or jumped: such verbs belong to one direction only."""
    analysis = run(direction, best)
    case = Case(analysis=analysis, settings=Settings(), verdict=verdict_code(analysis))
    outcomes = [rule.apply(case) for rule in CATALOGUE]
    shown = [plain_text(getattr(held, "title", None) or getattr(held, "shown", None) or held.reason) for held in outcomes]  # type: ignore[union-attr]

    assert [words for words in shown if "cores fell" in words or "alidation fell" in words or "no more than the" in words] == []


def test_no_change_is_neither() -> None:
    """Equal scores are no change, in any direction."""
    same = Change(absolute=0.0, relative=0.0, points=None, samples=None)
    assert plain_text(in_metric(run("minimize", 0.45), same)) == "no change"
