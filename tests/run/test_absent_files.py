"""Whatever single file is deleted: what is called absent is absent, what is there is not."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import OWN_RUNS, SAMPLES

from pai_report.advice import judge
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.errors import ExpectedError
from pai_report.report.document import Paragraph
from pai_report.report.insights import baseline, generalization, impact, modules, performance, summary
from pai_report.report.text import plain_text
from pai_report.report.ticket.result import result
from pai_report.report.visuals import visualizations
from pai_report.run.read import read_run
from pai_report.settings import Settings

RUNS = [SAMPLES / name for name in ("improved", "rejected", "premature", "synthetic-pb")]
RUNS += [OWN_RUNS / name for name in ("oomrun", "wrongdir-loss")]
PARTS = (summary, performance, impact, generalization, baseline, modules)
SENTENCES = {  # what is said to be absent, and the ending of the main file that must then be
    "there is no learning-rate file": r"(?<!_)learning_rate\.csv",
    "the learning rate is not recorded": r"learning_rate\.csv",
    "there is no file of epoch times": r"Times\.csv",
    "there is no file of correlation scores": r"PBScores\.csv",
    "there is no file of switch epochs": r"switch_epochs\.csv",
    "there is no file of best scores": r"best_arch_scores\.csv",
    "no parameter counts were recorded": r"param_counts\.csv",
    "there is no config file": r"config\.json",
    "the library's own picture is not in the folder": r"\.png",
}


def without_each(folder: Path, place: Path) -> Iterator[tuple[str, Path]]:
    """The run with one of its files missing, for each of them."""
    copy = place / folder.name
    shutil.copytree(folder, copy)
    for file in sorted(path for path in copy.rglob("*") if path.is_file()):
        kept = file.read_bytes()
        file.unlink()
        yield file.name, copy
        file.write_bytes(kept)


def told(path: Path) -> tuple[Analysis, str]:
    """The analysis, and every sentence of the report that can say what is missing."""
    analysis = analyse(read_run(path), Settings())
    checks = judge(analysis, Settings()).checks
    rows = [row.text for part in PARTS for row in part.rows(analysis)]
    rows += [cell for line in result(analysis).rows for cell in line]
    rows += [block.text for block in visualizations(analysis, ()).blocks if isinstance(block, Paragraph)]
    reasons = [plain_text(check.reason) for check in checks.not_applicable]
    return analysis, "\n".join([*("".join(span.text for span in row) for row in rows), *reasons])


def main_files(path: Path, analysis: Analysis) -> set[str]:
    """What stands behind the save name in the names of the run's main files."""
    name = analysis.identity.save_name
    return {file.name.removeprefix(name) for file in path.rglob("*") if file.name.startswith(name)}


@pytest.mark.parametrize("folder", RUNS, ids=lambda folder: folder.name)
def test_what_is_called_absent_is_absent(folder: Path, tmp_path: Path) -> None:
    """Each sentence of the report against the files that are there."""
    wrong = []
    for gone, copy in without_each(folder, tmp_path):
        try:
            analysis, words = told(copy)
        except ExpectedError:
            continue  # without its scores there is no report
        there = main_files(copy, analysis)
        wrong += [
            (gone, sentence)
            for sentence, ending in SENTENCES.items()
            if sentence in words and any(re.fullmatch(rf"_?{ending}", name) for name in there)
        ]
        wrong += [(gone, "snapshots")] if _kept_is_called_lost(analysis, words) else []

    assert wrong == []


def _kept_is_called_lost(analysis: Analysis, words: str) -> bool:
    """Whether the report says of a phase that no snapshot kept its epochs although one did."""
    said = re.findall(r"no snapshot kept the epochs that the library rolled back ([a-z0-9 ]+)", words)
    names = {0: "without dendrites", 1: "with 1 set"}
    kept = [names.get(phase.sets, f"with {phase.sets} sets") for phase in analysis.phases if not phase.truncated]
    return any(name in sentence for sentence in said for name in kept if phase_unique(analysis, name, names))


def phase_unique(analysis: Analysis, name: str, names: dict[int, str]) -> bool:
    """Whether the network of that name has one phase only, so that the two cannot be mixed up."""
    return [names.get(phase.sets, f"with {phase.sets} sets") for phase in analysis.phases].count(name) == 1


def test_rates_that_only_a_snapshot_lacks_are_not_called_absent(tmp_path: Path) -> None:
    """The main files have learning rates; without those of every snapshot the phases have none, and that is what is said."""
    copy = tmp_path / "improved"
    shutil.copytree(SAMPLES / "improved", copy)
    for path in copy.rglob("*learning_rate.csv"):
        if path.name != "improvedlearning_rate.csv":
            path.unlink()
    words = told(copy)[1]

    assert "no learning-rate file" not in words
    assert "the learning rate is not recorded" not in words


@pytest.mark.parametrize("off", [-1, 1])
def test_snapshots_stay_this_runs_where_a_switch_row_is_one_off(off: int, tmp_path: Path) -> None:
    """`_beforeSwitch_0` shares every epoch that it can share; the row of the first switch is what is wrong."""
    copy = tmp_path / "improved"
    shutil.copytree(SAMPLES / "improved", copy)
    (rows,) = copy.rglob("improvedswitch_epochs.csv")
    rows.write_text(rows.read_text().replace(",54", f",{54 + off}"))
    analysis, words = told(copy)

    assert (analysis.lifecycle.leftovers, analysis.lifecycle.snapshots) == (0, 6)
    assert [phase.truncated for phase in analysis.phases] == [False, False, False]
    assert "of earlier runs" not in words
