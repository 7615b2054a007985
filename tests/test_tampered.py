"""Reports that somebody changed: a correct report or one sentence, whatever the change, and never a mistake of ours."""

import json
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import PROJECT, SAMPLES
from pypdf import PdfWriter
from tampering import tampered
from test_round_trip import changed, edit_json, told

from pai_report import cli, pipeline
from pai_report.errors import ExpectedError
from pai_report.report.rendition import Format
from pai_report.report.terminal import short_answer
from pai_report.retelling import attached
from pai_report.settings import Settings
from pai_report.verification import verify

SECOND = PROJECT / "tests" / "fixtures" / "report-schema-2.json"
BROKEN = PROJECT / "tests" / "broken"
RUNS = ("rejected", "synthetic-pb", "none-tried", "premature")
ENDS = {"", "damaged-report", "newer-report"}
FORMATS: tuple[Format, ...] = ("md", "json", "html")


def ended(work: Callable[[], object]) -> str:
    """How it ended: "" for well, else the slug of the one sentence. Any other exception passes, and fails the test."""
    try:
        work()
    except ExpectedError as error:
        return error.slug
    return ""


@pytest.fixture(scope="module")
def reports() -> list[bytes]:
    """report.json of several samples, and those of older forms."""
    fresh = [told(pipeline.study(SAMPLES / name, Settings()), "json")["json"].main for name in RUNS]
    return [*fresh, SECOND.read_bytes(), (PROJECT / "tests" / "fixtures" / "report-schema-1.json").read_bytes()]


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF report of a small sample."""
    path = tmp_path_factory.mktemp("report") / "report.pdf"
    path.write_bytes(told(pipeline.study(SAMPLES / "none-tried", Settings()), "pdf")["pdf"].main)
    return path


@pytest.mark.parametrize("seed", range(6))
def test_a_tampered_report_is_told_or_refused(seed: int, reports: list[bytes], tmp_path: Path) -> None:
    """Read back through the answer, Markdown and JSON; every fifth through HTML as well."""
    chance, path = Random(seed), tmp_path / "report.json"  # noqa: S311 of a test
    for number in range(15):
        path.write_bytes(tampered(chance.choice(reports), chance))
        assert ended(partial(_tell_again, path, FORMATS[: 3 if number % 5 == 0 else 2])) in ENDS, number


def _tell_again(path: Path, formats: tuple[Format, ...]) -> None:
    study = pipeline.retold(path)
    short_answer(study.analysis, study.judgement)
    told(study, *formats)


@pytest.mark.parametrize("command", ["report", "bundle"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("k-retell-KeyError-text110.json", "holds a damaged report.json: what stands at $.judgement.findings"),
        ("k-esc.json", "was written by a newer pai-report, in a form (999)"),
    ],
)
def test_cases_that_broke_it(name: str, said: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence whose quantity is missing; a form of the future whose writer calls itself an escape sequence."""
    words = [str(BROKEN / name), "-o", str(tmp_path / "x.md")] if command == "report" else ["bundle", str(BROKEN / name)]
    words += ["-o", str(tmp_path / "ticket")] if command == "bundle" else []

    assert cli.main(words) == cli.FAILED
    error = capsys.readouterr().err
    assert said in error
    assert "\x1b" not in error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda held: held.update(schema_version=0), "its schema_version is 0, and the known ones are 1 to 3"),
        (lambda held: held.update(schema_version=4), "in a form (4) that this version does not know"),
        (lambda held: held["run"].update(mode="SECRET"), "what stands at $.run.mode is nothing that a report has there"),
        (lambda held: held["run"].update(save_name="\ud800"), "a text in it holds half a character"),
        (lambda held: held["scores"].update(best=float("nan")), "a number in it is infinite or none"),
        (lambda held: held["judgement"]["settings"]["limits"].update(noise_epochs=-1), "$.judgement.settings.limits"),
        (
            lambda held: held["analysis"]["identity"]["config"].update(settings=[["switch_mode", "SECRET"]]),
            "it is no JSON from",
        ),
        (
            lambda held: held["analysis"]["identity"]["config"].update(settings=[["x", "[" * 9999 + "]" * 9999]]),
            "64 levels deep",
        ),
        (lambda held: held["judgement"]["verdict"]["answer"].update(template="{gap}"), "$.judgement.verdict.answer"),
    ],
)
def test_a_damaged_report_names_the_place(
    change: Callable[[dict[str, Any]], None], said: str, reports: list[bytes], tmp_path: Path
) -> None:
    """Where it is damaged is told, in our own names; what stands there is not."""
    held = json.loads(reports[0])
    change(held)
    (tmp_path / "report.json").write_text(json.dumps(held), "utf-8")

    with pytest.raises(ExpectedError) as caught:
        pipeline.retold(tmp_path / "report.json")
    assert said in caught.value.sentence
    assert "SECRET" not in caught.value.sentence


def test_half_a_report_is_a_damaged_report(reports: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy that was cut off is no training script and no folder."""
    (tmp_path / "report.json").write_bytes(reports[0][: len(reports[0]) // 2])

    assert cli.main([str(tmp_path / "report.json")]) == cli.FAILED
    assert "report.json holds a damaged report.json: it is no JSON from line" in capsys.readouterr().err


def test_changed_limits_of_the_second_schema_are_kept() -> None:
    """They were called thresholds: what the user had changed still stands in the report, and nothing else changed."""
    once = json.loads(SECOND.read_bytes())
    assert once["judgement"]["settings"]["thresholds"]["gap_overfitting"] == 90.0
    study = pipeline.retold(SECOND)
    again = json.loads(told(study, "json")["json"].main)

    assert study.judgement.settings.changed == ("premature_epochs", "gap_overfitting")
    assert (study.judgement.settings.limits.gap_overfitting, study.judgement.settings.limits.premature_epochs) == (90.0, 7)
    assert (again["schema_version"], again["findings"]) == (3, once["findings"])
    assert b"set in pai-report.toml" in told(study, "md")["md"].main


def _without_report(files: dict[str, bytes]) -> None:
    del files["report.json"]


def _no_json(files: dict[str, bytes]) -> None:
    files["report.json"] = b"%PDF"


def _no_sources(files: dict[str, bytes]) -> None:
    files["sources.json"] = b"[" * 100_000


def _empty_sources(files: dict[str, bytes]) -> None:
    files["sources.json"] = b'{"schema_version": 1, "files": []}'


def _long_name(held: dict[str, Any]) -> None:
    held["analysis"]["identity"]["folder"] = "x" * 300


def _zero(held: dict[str, Any]) -> None:
    held["judgement"]["settings"]["limits"]["noise_epochs"] = 0


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (_without_report, "no-report-inside"),
        (_no_json, "damaged-report"),
        (_no_sources, "damaged-report"),
        (_empty_sources, "damaged-report"),
        (edit_json(_long_name), "damaged-report"),
        (edit_json(_zero), "damaged-report"),
    ],
)
def test_tampered_attachments(change: Callable[[dict[str, bytes]], None], slug: str, pdf: Path, tmp_path: Path) -> None:
    """Whatever was done to what a PDF carries, verify says in one sentence that it is damaged."""
    with pytest.raises(ExpectedError) as caught:
        verify(changed(pdf, change, tmp_path / "report.pdf"))
    assert caught.value.slug == slug


@pytest.mark.parametrize("seed", range(4))
def test_a_tampered_report_is_verified_or_refused(seed: int, pdf: Path, tmp_path: Path) -> None:
    """A change is a difference, or damage, or in what is not compared; never a mistake of ours."""
    chance = Random(seed)  # noqa: S311 of a test
    for _ in range(5):
        path = changed(
            pdf, lambda files: files.update({"report.json": tampered(files["report.json"], chance)}), tmp_path / "x.pdf"
        )
        assert ended(partial(verify, path)) in ENDS


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99])
def test_half_a_pdf(share: float, pdf: Path, tmp_path: Path) -> None:
    """A PDF that was cut off is no PDF, or one whose attachments are whole."""
    data = pdf.read_bytes()
    (tmp_path / "report.pdf").write_bytes(data[: int(len(data) * share)])

    with pytest.raises(ExpectedError) as caught:
        verify(tmp_path / "report.pdf")
    assert caught.value.slug in {"unreadable-report", "no-report-inside", *ENDS - {""}}


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf(password: str, pdf: Path, tmp_path: Path) -> None:
    """One that opens without a password may be read; any other is one sentence."""
    writer = PdfWriter(clone_from=pdf)
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")  # noqa: S106 of a test
    with (tmp_path / "report.pdf").open("wb") as file:
        writer.write(file)

    if password:
        with pytest.raises(ExpectedError, match="password"):
            verify(tmp_path / "report.pdf")
    else:
        assert verify(tmp_path / "report.pdf").differences == ()


def test_a_bomb_in_a_pdf(pdf: Path, tmp_path: Path) -> None:
    """An attachment of 300 MB of blanks in 300 kB is not unpacked without a bound."""

    def bomb(files: dict[str, bytes]) -> None:
        files["report.json"] = b"MARK"

    path = changed(pdf, bomb, tmp_path / "report.pdf")
    blanks = zlib.compressobj()
    packed = b"".join(blanks.compress(b" " * 2**20) for _ in range(300)) + blanks.flush()
    data = path.read_bytes()
    start = data.index(b"MARK")
    head = data.rindex(b"<<", 0, start)
    body = b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed
    path.write_bytes(data[:head] + body + data[start + 4 :])

    with pytest.raises(ExpectedError) as caught:
        pipeline.retold(path)
    assert caught.value.slug in {"unreadable-report", "damaged-report"}
    assert "JSON" not in caught.value.sentence  # 300 MB were never looked at


def test_the_sentence_says_what_is_not_compared(pdf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads "follows from its files" must not believe that of the pages."""
    assert cli.main(["verify", str(pdf)]) == cli.WRITTEN
    assert "are the same; pages and pictures were not compared." in capsys.readouterr().out


def test_attachments_of_the_fixture(pdf: Path) -> None:
    """What the tests above change is there."""
    assert {"report.json", "sources.json"} <= dict(attached(pdf.read_bytes(), pdf.name)).keys()
