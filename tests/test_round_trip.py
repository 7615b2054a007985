"""A report as input: told again as it was, and held against the files inside it."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, SAMPLES
from pypdf import PdfReader, PdfWriter

from pai_report import __version__, cli, pipeline
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.pipeline import Target
from pai_report.report.rendition import Format, Rendered
from pai_report.retelling import attached, read_report
from pai_report.settings import Settings
from pai_report.verification import verify

FIRST = PROJECT / "tests" / "fixtures" / "report-schema-1.json"
FORMATS: tuple[Format, ...] = ("pdf", "html", "md", "json")


def told(study: pipeline.Study, *formats: Format) -> dict[str, Rendered]:
    """A study in each format, under the name report."""
    made: dict[str, Rendered] = {}
    for target, rendered in pipeline.tell(study, [Target(name=f"report.{fmt}", format=fmt) for fmt in formats]):
        assert isinstance(rendered, Rendered)
        made[target.format] = rendered
    return made


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF report of a sample with a picture and many snapshots."""
    path = tmp_path_factory.mktemp("report") / "report.pdf"
    path.write_bytes(told(pipeline.study(SAMPLES / "minimizing", Settings()), "pdf")["pdf"].main)
    return path


def changed(pdf: Path, change: Callable[[dict[str, bytes]], None], to: Path) -> Path:
    """A copy of a PDF with other attachments."""
    attachments = dict(attached(pdf.read_bytes(), pdf.name))
    change(attachments)
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(BytesIO(pdf.read_bytes())))
    for name, data in attachments.items():
        writer.add_attachment(name, data)
    with to.open("wb") as file:
        writer.write(file)
    return to


def edit_json(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    """A change of report.json as a change of the attachments."""

    def edit(attachments: dict[str, bytes]) -> None:
        held = json.loads(attachments["report.json"])
        change(held)
        attachments["report.json"] = json.dumps(held).encode()

    return edit


@pytest.mark.slow
@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_a_pdf_is_told_again_byte_for_byte(sample: str, tmp_path: Path) -> None:
    """From the PDF come the same PDF, HTML, Markdown with its pictures and JSON as from the folder."""
    once = told(pipeline.study(SAMPLES / sample, Settings()), *FORMATS)
    path = tmp_path / "report.pdf"
    path.write_bytes(once["pdf"].main)

    assert told(pipeline.retold(path), *FORMATS) == once


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_json_is_told_again(sample: str, tmp_path: Path) -> None:
    """From report.json alone comes the same report without the library's picture, and the same report.json."""
    study = pipeline.study(SAMPLES / sample, Settings())
    once = told(study, "md", "json")
    path = tmp_path / "report.json"
    path.write_bytes(once["json"].main)
    again = told(pipeline.retold(path), "md", "json")

    assert again["json"] == once["json"]
    missing = [name for name, _ in once["md"].files if name not in dict(again["md"].files)]
    assert missing == ([] if study.picture is None else [f"report_files/{study.picture[0]}"])


def test_the_first_schema_is_still_told() -> None:
    """A report.json of schema version 1 is told again: same verdict, same scores; it is judged anew."""
    held = json.loads(FIRST.read_text("utf-8"))
    assert held["schema_version"] == 1
    again = json.loads(told(pipeline.retold(FIRST), "md", "html", "json")["json"].main)

    assert (again["schema_version"], again["verdict"]["code"]) == (3, held["verdict"]["code"])
    assert held["scores"].items() <= again["scores"].items()
    config = held["analysis"]["identity"]["config"]
    typed = {name: value for name, value in config.items() if name not in {"file", "origin", "settings"} and value is not None}
    held["analysis"]["identity"]["config"] = {name: config[name] for name in ("file", "origin", "settings")}
    assert typed.items() <= {name: json.loads(text) for name, text in config["settings"]}.items()
    assert _kept(again["analysis"], held["analysis"])


def _kept(now: Any, before: Any) -> bool:
    """Whether all that stood before stands there now, beside what was added since."""
    if isinstance(before, dict):
        return all(key in now and _kept(now[key], value) for key, value in before.items())
    if isinstance(before, list):
        return len(now) == len(before) and all(map(_kept, now, before))
    return bool(now == before)


def test_a_report_follows_from_its_files(pdf: Path) -> None:
    """Untouched, a report has no differences from what its own files say."""
    held = verify(pdf)

    assert held.differences == ()
    assert held.files == len([path for path in (SAMPLES / "minimizing").iterdir() if path.suffix in {".csv", ".json"}])


@pytest.mark.parametrize("name", ["名前 é", "שלום😀", "x\ny", "a(b)\\c", "<b>&'"])
def test_any_save_name_comes_back(name: str, tmp_path: Path) -> None:
    """Whatever the save name holds, the report follows from its files, and the library's picture is found again."""
    folder = tmp_path / "run"
    folder.mkdir()
    for path in (SAMPLES / "rejected").iterdir():
        data = path.read_bytes().replace(b'"rejected"', json.dumps(name).encode())
        (folder / path.name.replace("rejected", name)).write_bytes(data)
    study = pipeline.study(folder, Settings())
    report = tmp_path / "report.pdf"
    report.write_bytes(told(study, "pdf")["pdf"].main)

    assert verify(report).differences == ()
    assert pipeline.retold(report).picture == study.picture
    assert study.analysis.identity.save_name == name


def test_a_changed_number_is_found(pdf: Path, tmp_path: Path) -> None:
    """A gain made ten times larger in report.json is named with both values."""

    def ten_times(held: dict[str, Any]) -> None:
        held["analysis"]["gains"]["gain"]["absolute"] *= 10

    gain = json.loads(dict(attached(pdf.read_bytes(), pdf.name))["report.json"])["scores"]["gain"]
    found = verify(changed(pdf, edit_json(ten_times), tmp_path / "changed.pdf")).differences

    assert ("analysis.gains.gain.absolute", gain) in [(one.place, float(one.found)) for one in found if one.found[0] == "0"]


def test_a_removed_finding_is_found(pdf: Path, tmp_path: Path) -> None:
    """A finding taken out of the judgement no longer follows."""
    found = verify(changed(pdf, edit_json(lambda held: held["judgement"]["findings"].pop(0)), tmp_path / "changed.pdf"))

    assert any(one.place.startswith("judgement.findings") for one in found.differences)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("verdict.answer", lambda held: held["verdict"].update(answer="Yes: everything is great")),
        ("findings[0].title", lambda held: held["findings"][0].update(title="All good")),
        ("actions", lambda held: held["actions"].clear()),
        ("scores.best", lambda held: held["scores"].update(best=held["scores"]["best"] + 0.01)),
        ("run.extra", lambda held: held["run"].update(extra=5)),
        ("extra", lambda held: held.update(extra=1)),
        ("judgement.settings.off", lambda held: held["judgement"]["settings"].pop("off")),
        ("analysis.gains.best", lambda held: held["analysis"]["gains"].update(best=95.0)),
        ("judgement.settings.extra", lambda held: held["judgement"]["settings"].update(extra=1)),
    ],
)
def test_nothing_in_the_json_goes_unread(
    place: str, change: Callable[[dict[str, Any]], None], pdf: Path, tmp_path: Path
) -> None:
    """Whatever part of report.json is changed, put in or taken out, that place is named, and no other."""
    found = verify(changed(pdf, edit_json(change), tmp_path / "changed.pdf")).differences

    assert [one.place for one in found] == [place]


def test_a_report_of_the_first_schema_follows_from_its_files(pdf: Path, tmp_path: Path) -> None:
    """What schema version 1 did not hold is no difference; a changed score in it is one."""

    def first(held: dict[str, Any]) -> None:
        held.update(schema_version=1)
        del held["judgement"]

    old = changed(pdf, edit_json(first), tmp_path / "old.pdf")
    forged = changed(old, edit_json(lambda held: held["scores"].update(best=0.1)), tmp_path / "forged.pdf")

    assert verify(old).differences == ()
    assert [one.place for one in verify(forged).differences] == ["scores.best"]


def test_a_changed_file_is_told(pdf: Path, tmp_path: Path) -> None:
    """A digit changed in an attached table no longer fits the digest beside it."""

    def change(attachments: dict[str, bytes]) -> None:
        attachments["minimizingScores.csv"] = attachments["minimizingScores.csv"].replace(b"1", b"2", 1)

    with pytest.raises(ExpectedError, match=r"minimizingScores\.csv in the report is damaged"):
        verify(changed(pdf, change, tmp_path / "changed.pdf"))


def test_no_file_is_written_outside(pdf: Path, tmp_path: Path) -> None:
    """A name that leads out of the folder is refused."""

    def change(attachments: dict[str, bytes]) -> None:
        attachments["sources.json"] = attachments["sources.json"].replace(b'"minimizingScores.csv"', b'"../../../evil.csv"')

    with pytest.raises(ExpectedError, match=r"impossible name|damaged"):
        verify(changed(pdf, change, tmp_path / "changed.pdf"))


def test_settings_travel_along(tmp_path: Path) -> None:
    """A report made with other limits and a rule off is recomputed with them."""
    settings = Settings(limits=Limits(gap_overfitting=90.0), off=("PAI604",), file="pai-report.toml")
    path = tmp_path / "report.pdf"
    path.write_bytes(told(pipeline.study(SAMPLES / "minimizing", settings), "pdf")["pdf"].main)

    assert read_report(path).judgement.settings == settings
    assert verify(path).differences == ()


def test_command_line_says_what_was_compared(pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Equal is 0 with one sentence; different is 1 with the places."""
    assert cli.main(["verify", str(pdf)]) == cli.WRITTEN
    assert capsys.readouterr().out.startswith("report.pdf follows from its ")

    other = changed(pdf, edit_json(lambda held: held["analysis"]["gains"].update(best=0.1)), tmp_path / "changed.pdf")
    assert cli.main(["verify", str(other)]) == cli.GATE_REACHED
    assert "  analysis.gains.best: the report says 0.1, the files say 0.3" in capsys.readouterr().out


def test_command_line_tells_a_pdf_again(pdf: Path, tmp_path: Path) -> None:
    """`pai-report report.pdf -o again.html` writes the page that the folder would have given."""
    assert cli.main([str(pdf), "-o", str(tmp_path / "report.html")]) == cli.WRITTEN
    assert (tmp_path / "report.html").read_bytes() == told(pipeline.study(SAMPLES / "minimizing", Settings()), "html")[
        "html"
    ].main


@pytest.mark.parametrize("flag", [["--maximize"], ["--original-params", "5"], ["--save-name", "x"]])
def test_a_report_is_not_judged_anew(pdf: Path, flag: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Options that would change the judgement need the folder."""
    assert cli.main([str(pdf), *flag]) == cli.FAILED
    assert "told again as it was judged" in capsys.readouterr().err


def _other_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    with path.open("wb") as file:
        writer.write(file)


def _newer(path: Path) -> None:
    path.write_text('{"schema_version": 99, "generator": "pai-report 9.0"}', "utf-8")


def _damaged(path: Path) -> None:
    path.write_text('{"schema_version": 2, "generator": "pai-report 0.1.0"}', "utf-8")


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("other.pdf", _other_pdf, "other.pdf holds no report.json"),
        ("no.pdf", lambda path: path.write_text("no PDF", "utf-8"), "no.pdf cannot be read as a PDF"),
        ("empty.pdf", lambda path: path.write_bytes(b""), "empty.pdf cannot be read as a PDF"),
        ("newer.json", _newer, "newer.json was written by a newer pai-report, in a form (99) that this version does not know"),
        ("damaged.json", _damaged, "damaged.json holds a damaged report.json"),
    ],
)
def test_what_is_no_report_is_told(
    name: str, make: Callable[[Path], Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is one sentence and exit 2."""
    make(tmp_path / name)

    assert cli.main([str(tmp_path / name), "-o", str(tmp_path / "report.md")]) == cli.FAILED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "report.md").exists()


def test_verify_wants_a_pdf(capsys: pytest.CaptureFixture[str]) -> None:
    """The files travel in PDFs only."""
    assert cli.main(["verify", str(FIRST)]) == cli.FAILED
    assert "is no PDF" in capsys.readouterr().err


def test_reports_name_their_version(pdf: Path) -> None:
    """What wrote a report is known when it is read."""
    assert read_report(pdf).generator == f"pai-report {__version__}"
