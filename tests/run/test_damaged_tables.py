"""Four tables, one truth: a damaged table is set right or named; where tables contradict each other there is no verdict."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from conftest import OWN_RUNS, PROJECT, SAMPLES

from pai_report.advice.judge import judge
from pai_report.advice.model import Judgement
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.text import plain_text
from pai_report.run.model import Kind
from pai_report.run.read import read_run
from pai_report.settings import Settings

BROKEN = PROJECT / "tests" / "broken"
WHOLE = [SAMPLES / name for name in ("improved", "minimizing", "overfitting", "premature", "synthetic-pb")]
TABLES: tuple[Kind, ...] = ("scores", "switch-epochs", "parameter-counts", "best-scores")
DAMAGES = 25  # per run and table


def analysed(folder: Path) -> Analysis:
    """The analysis of a run folder."""
    return analyse(read_run(folder), Settings())


def judged(folder: Path) -> Judgement:
    """Its judgement."""
    return judge(analysed(folder), Settings())


def facts(analysis: Analysis) -> tuple[object, ...]:
    """Kept sets, direction, and size and best score of every network."""
    rows = [row for row in analysis.gains.architectures if row.outcome != "rejected"]
    bests = [None if row.best is None else float(f"{row.best:.7g}") for row in rows]
    return analysis.lifecycle.kept, analysis.identity.direction, [row.parameters for row in rows], bests


def copy_of(run: Path, folder: Path, name: str, change: Callable[[list[str]], list[str]]) -> Path:
    """The run with the rows of one table changed."""
    target = folder / run.name
    shutil.copytree(run, target, ignore=shutil.ignore_patterns("*.png"))
    header, *rows = (target / name).read_text("utf-8").splitlines()
    (target / name).write_text("\n".join([header, *change(rows)]) + "\n", "utf-8")
    return target


def test_a_switch_row_that_was_lost_is_told_by_the_others() -> None:
    """Switch rows 0,30 only; sizes 2410, 4878, 4878 and two best rows say one set: 77.88 → 79.03, ten of 868 samples."""
    analysis = analysed(BROKEN / "k-switch-last-row-lost")
    assert analysis.lifecycle.kept == 1
    assert analysis.lifecycle.switch_epochs == (30, 30)
    assert [(point.about, point.file) for point in analysis.disagreements] == [("sets", "overfittingswitch_epochs.csv")]
    answer = plain_text(judge(analysis, Settings()).verdict.answer)
    assert answer == plain_text(judged(SAMPLES / "overfitting").verdict.answer)
    assert "was not beaten" not in answer


def test_best_rows_that_were_sorted_are_told_by_the_scores() -> None:
    """The rows of `improved` from the largest to the smallest: the networks keep their scores, and the verdict stays."""
    analysis = analysed(BROKEN / "k-best-sorted")
    assert facts(analysis) == facts(analysed(SAMPLES / "improved"))
    assert {point.file for point in analysis.disagreements} == {"improved_best_arch_scores.csv"}
    assert judge(analysis, Settings()).verdict.code == "improved"


def test_a_table_that_stands_alone_is_a_finding_with_its_line() -> None:
    """PAI025 names file and line; the others' word is beside it."""
    (finding,) = [finding for finding in judged(BROKEN / "k-best-sorted").findings if finding.code == "PAI025"]
    assert finding.severity == "high"
    lines = [(row.label, row.file) for row in finding.evidence if row.label.startswith("best scores")]
    assert lines == [
        ("best scores, line 2", "improved_best_arch_scores.csv"),
        ("best scores by the others", "improvedScores.csv"),
        ("best scores, line 4", "improved_best_arch_scores.csv"),
        ("best scores by the others", "improvedScores.csv"),
    ]


def test_tables_without_a_majority_give_no_verdict(tmp_path: Path) -> None:
    """Two switch rows, one size, two best rows less one: nobody can say whether there was a set."""
    target = copy_of(SAMPLES / "overfitting", tmp_path, "overfittingparam_counts.csv", lambda rows: [*rows, "3,9999", "4,9999"])
    (target / "overfittingswitch_epochs.csv").write_text("Switch Number,Switch Epoch\n", "utf-8")
    found = judged(target)
    assert found.verdict.code == "invalid"
    assert plain_text(found.verdict.answer) == "Cannot tell: the files of this run contradict each other."
    assert found.findings[0].code == "PAI026"


@pytest.mark.parametrize("short", [5, 20])
def test_scores_that_end_before_the_other_tables_are_named(short: int, tmp_path: Path) -> None:
    """Validation and running scores cut, learning rates and times whole: a copy that was still running."""
    run = read_run(SAMPLES / "overfitting")
    epochs = run.canonical.epochs

    def cut(rows: list[str]) -> list[str]:
        return [row for row in rows if int(row.split(",")[0]) < epochs - short]

    analysis = analysed(copy_of(SAMPLES / "overfitting", tmp_path, "overfittingScores.csv", cut))
    points = [point for point in analysis.disagreements if point.about == "epochs"]
    assert [(point.file, point.expected, point.read) for point in points] == [("overfittingScores.csv", epochs, epochs - short)]


@pytest.mark.parametrize(
    "run",
    [*WHOLE, *(path for path in sorted(OWN_RUNS.glob("*/")) if path.name != "__pycache__")],
    ids=lambda p: p.name,
)
def test_whole_runs_raise_nothing(run: Path) -> None:
    """The tables of a run that nobody touched tell the same."""
    try:
        assert analysed(run).disagreements == ()
    except ExpectedError as error:
        assert error.slug in {"no-run", "several-runs"}  # noqa: PT017 a folder of runs


def changed_digit(random: Random, row: str) -> str:
    """The row with one digit of its last cell changed in one of its first six places."""
    head, comma, cell = row.rpartition(",")
    places = [place for place, sign in enumerate(cell) if sign.isdigit()][:6]
    if not places:
        return row
    place = random.choice(places)
    other = random.choice([digit for digit in "0123456789" if digit != cell[place]])
    return head + comma + cell[:place] + other + cell[place + 1 :]


def damaged(random: Random, rows: list[str]) -> list[str]:
    """The rows of a table after one accident: lost, repeated, swapped, sorted, cut off, or a digit changed."""
    rows, place = list(rows), random.randrange(len(rows))
    match random.randrange(6):
        case 0:
            del rows[place]
        case 1:
            rows.insert(place, rows[place])
        case 2:
            other = random.randrange(len(rows))
            rows[place], rows[other] = rows[other], rows[place]
        case 3:
            rows.sort(reverse=random.random() < 0.5)
        case 4:
            rows = rows[:place]
        case _:
            rows[place] = changed_digit(random, rows[place])
    return rows


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("run", WHOLE, ids=lambda path: path.name)
def test_no_damage_to_one_table_changes_a_fact_in_silence(run: Path, kind: Kind, tmp_path: Path) -> None:
    """Either the facts stay, or the report names the damaged file, or it gives no verdict."""
    name = read_run(run).canonical.name(kind)
    assert name is not None
    expected = facts(analysed(run))
    target = copy_of(run, tmp_path, name, list)
    header, *rows = (target / name).read_text("utf-8").splitlines()
    for seed in range(DAMAGES):
        (target / name).write_text("\n".join([header, *damaged(Random(seed), rows)]) + "\n", "utf-8")  # noqa: S311
        try:
            analysis = analysed(target)
        except ExpectedError:
            continue
        named = any(name in {point.file, *point.others} for point in analysis.disagreements)
        assert named or any(note.file == name for note in analysis.notes) or facts(analysis) == expected, seed
