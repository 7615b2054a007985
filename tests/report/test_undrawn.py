"""A picture that fails: told in its place, among the checks and on standard error; the report is written."""

import re
from pathlib import Path

import pytest
from conftest import SAMPLES

from pai_report import cli
from pai_report.analysis.model import Analysis
from pai_report.bundle.contents import bundle_of
from pai_report.errors import ExpectedError
from pai_report.pipeline import study
from pai_report.report.document import Figure
from pai_report.report.figures import scores
from pai_report.report.undrawn import Undrawn, attempted
from pai_report.settings import Settings

IMPROVED = SAMPLES / "improved"
BROKEN = Path(__file__).parents[1] / "broken"
TOLD = "The picture of the gains could not be drawn: ValueError: no room for \ufffd[31m"


def failing(analysis: Analysis) -> Figure | None:
    """A drawing with a mistake in it."""
    del analysis
    raise ValueError("no room for \x1b[31m")


@pytest.mark.parametrize("suffix", ["md", "html", "pdf"])
def test_one_picture_that_fails_never_costs_the_report(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 0; the sentence stands on standard error without its escape, and every other picture is there."""
    monkeypatch.setattr("pai_report.report.figures.gallery.gains", failing)
    output = tmp_path / f"report.{suffix}"

    assert cli.main([str(IMPROVED), "-o", str(output)]) == cli.WRITTEN
    told = capsys.readouterr().err.splitlines()
    assert told[:1] == [f"pai-report: {TOLD}"]
    if suffix == "md":
        drawings = {path.stem for path in (tmp_path / "report_files").iterdir()}
        assert drawings >= {"front-scores", "architecture", "gap", "learning-rate", "budget"}
        assert "gains" not in drawings


def test_it_is_told_in_its_place_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence stands where the picture would, and again beside the checks that failed, which count it."""
    monkeypatch.setattr("pai_report.report.figures.gallery.gains", failing)
    assert cli.main([str(IMPROVED), "-o", str(tmp_path / "report.md")]) == cli.WRITTEN
    page = (tmp_path / "report.md").read_text("utf-8")
    impact, checked = (
        re.split(r"^## ", page.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]
        for title in ("Dendrite impact", "Checked, nothing to change")
    )

    assert "The picture of the gains could not be drawn: " in impact
    assert "The picture of the gains could not be drawn: " in checked
    assert "0 failed. 1 picture could not be drawn." in checked


def test_a_bundle_is_whole_without_the_picture_of_page_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where page one's picture fails, the comment says so, and no file of it is carried or promised."""

    def nothing(analysis: Analysis, **_: object) -> None:
        failing(analysis)

    monkeypatch.setattr(scores, "scores", nothing)
    monkeypatch.setattr(scores, "scores_png", nothing)
    bundle = bundle_of(study(IMPROVED, Settings()))

    assert "scores.png" not in bundle.files
    assert b"could not be drawn" in bundle.files["comment.md"]
    assert b"scores.png" not in bundle.files["comment.md"]
    assert len(bundle.undrawn) == 1


def test_what_the_user_can_mend_is_no_failed_picture() -> None:
    """A style sheet of the user's own that is wrong ends with its sentence; memory that runs out costs the picture only."""

    def expected() -> None:
        raise ExpectedError("broken-style", "The style is wrong.", "")

    def memory() -> None:
        raise MemoryError

    with pytest.raises(ExpectedError, match="The style is wrong"):
        attempted("gains", expected)
    assert attempted("gains", memory) == Undrawn(id="gains", error="MemoryError: ")


@pytest.mark.parametrize("direction", [[], ["--minimize"], ["--maximize"]])
@pytest.mark.parametrize("case", sorted(path.name for path in BROKEN.iterdir() if path.is_dir()))
def test_every_picture_of_a_broken_run_is_drawn(
    case: str, direction: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs that once ended with a traceback: nothing fails, and no sentence or label has a word for no number."""
    assert cli.main([str(BROKEN / case), "-o", str(tmp_path / "report.md"), *direction]) == cli.WRITTEN
    assert capsys.readouterr().err.splitlines() == [f"Wrote {tmp_path / 'report.md'}"]
    for page in (tmp_path / "report.md", *(tmp_path / "report_files").glob("*.svg")):
        words = re.sub(r"<[^>]*>", " ", page.read_text("utf-8"))
        assert not re.search(r"\b(None(?! of )|[Nn]a[Nn]|inf)\b", words), page.name
