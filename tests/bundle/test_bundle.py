"""`pai-report bundle`: what is in the folder, that it is whole or not there, and that it leaves the files of others alone."""

import errno
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, SAMPLES

from pai_report import cli
from pai_report.bundle.folder import write_bundle
from pai_report.errors import ExpectedError
from pai_report.report import pdf

NONE_TRIED = SAMPLES / "none-tried"
COMMENTS = {"comment.md", "comment.gitlab.md", "comment.jira.txt", "comment.txt"}
ALWAYS = COMMENTS | {"report.pdf", "report.html", "report.json", "scores.png", "original.png", "SHA256SUMS"}
OLD = {"comment.md": b"old", "figures/gains.svg": b"old", "SHA256SUMS": b""}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its name there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sums(files: dict[str, bytes]) -> bytes:
    """Checksums of `files` in the form of sha256sum (GNU coreutils)."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()


def older(folder: Path) -> Path:
    """A folder that holds an older bundle and a file of somebody else."""
    files = {name: data for name, data in OLD.items() if name != "SHA256SUMS"}
    for name, data in ({**files, "SHA256SUMS": sums(files), "notes.txt": b"mine"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a sample, made by the command line."""
    folder = tmp_path_factory.mktemp("made") / "ticket"
    assert cli.main(["bundle", str(SAMPLES / "improved"), "-o", str(folder)]) == cli.WRITTEN
    return folder


# What is in it


def test_every_file_has_a_plain_name(bundle: Path) -> None:
    """Comments, reports, the two pictures, the drawings of the report and the checksums are there, and nothing else."""
    names = set(contents(bundle))

    assert {name for name in names if not name.startswith("figures/")} == ALWAYS
    assert {"figures/front-scores.svg", "figures/gains.svg", "figures/architecture.svg"} <= names
    assert [path.name for path in bundle.parent.iterdir()] == ["ticket"]


def test_reports_are_reports(bundle: Path) -> None:
    """Each file is what its name says."""
    files = contents(bundle)

    assert files["report.pdf"].startswith(b"%PDF-")
    assert files["report.html"].startswith(b"<!DOCTYPE html>")
    assert files["report.json"].startswith(b"{")
    assert files["scores.png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert files["figures/gains.svg"].startswith(b"<svg ")


def test_the_original_picture_is_untouched(bundle: Path) -> None:
    """The library's own picture is there byte for byte."""
    assert (bundle / "original.png").read_bytes() == (SAMPLES / "improved" / "improved.png").read_bytes()


def test_checksums_verify(bundle: Path) -> None:
    """`sha256sum -c` finds every file listed and right; every file but the list itself is listed."""
    if shutil.which("sha256sum") is None:
        pytest.skip("this system has no sha256sum")
    made = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=False)

    assert made.returncode == 0, made.stdout
    assert {line.partition(":")[0] for line in made.stdout.splitlines()} == set(contents(bundle)) - {"SHA256SUMS"}


def test_nothing_tells_where_it_was_made(bundle: Path) -> None:
    """No path of this machine stands in any file that is text."""
    words = [str(bundle.parent).encode(), str(PROJECT).encode()]
    texts = {name: data for name, data in contents(bundle).items() if not name.endswith((".png", ".pdf"))}

    assert [(name, word) for name, data in texts.items() for word in words if word in data] == []


def test_the_same_run_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    """A copy of the run elsewhere, bundled into another folder, gives equal files."""
    copy = shutil.copytree(SAMPLES / "improved", tmp_path / "elsewhere" / "improved")

    assert cli.main(["bundle", str(copy), "-o", str(tmp_path / "other")]) == cli.WRITTEN

    assert contents(tmp_path / "other") == contents(bundle)


def test_a_given_date_is_in_the_pdf_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SOURCE_DATE_EPOCH dates the PDF, and with it the checksums; no other file has a date."""
    made = []
    for date in ("0", "86400"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        assert cli.main(["bundle", str(NONE_TRIED), "-o", str(tmp_path / date)]) == cli.WRITTEN
        made.append(contents(tmp_path / date))
    capsys.readouterr()

    assert {name for name in made[0] if made[0][name] != made[1][name]} == {"report.pdf", "SHA256SUMS"}


def test_a_hostile_save_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A save name that is markup, mention and script everywhere shows as text, and names no file of the bundle."""
    name = "a|b {code}<script>@me #1 `x`"
    folder = tmp_path / "run"
    folder.mkdir()
    for path in NONE_TRIED.iterdir():
        shutil.copy(path, folder / path.name.replace("none-tried", name))

    assert cli.main(["bundle", str(folder), "-o", str(tmp_path / "ticket")]) == cli.WRITTEN

    made = contents(tmp_path / "ticket")
    assert "`` a|b {code}<script>@me #1 `x` ``" in made["comment.md"].decode()
    assert r"{{a\|b \{code\}<script>\@me \#1 `x`}}" in made["comment.jira.txt"].decode()
    assert "a|b {code}<script>@me #1 `x`" in made["comment.txt"].decode()
    assert {held for held in made if not held.startswith("figures/")} == ALWAYS
    assert "script" not in capsys.readouterr().out


# The folder


def test_an_older_bundle_is_replaced(tmp_path: Path) -> None:
    """Every file is the new one, what has no successor is gone, and what somebody else put there stays."""
    folder = older(tmp_path / "ticket")
    new = {"comment.md": b"new", "report.pdf": b"new"}

    write_bundle({**new, "SHA256SUMS": sums(new)}, folder)

    assert contents(folder) == {**new, "SHA256SUMS": sums(new), "notes.txt": b"mine"}


def test_checksums_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that finds checksums that verify has found the whole bundle: they are the last file put in place."""
    folder, placed = older(tmp_path / "ticket"), []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        placed.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_bundle({"SHA256SUMS": b"", "comment.md": b"a", "figures/gap.svg": b"b"}, folder)

    assert placed == ["comment.md", "gap.svg", "SHA256SUMS"]


def test_checksums_of_others_remove_nothing(tmp_path: Path) -> None:
    """A list that names files outside of a bundle does not lead to their removal."""
    (tmp_path / "precious.txt").write_text("keep")
    folder = older(tmp_path / "ticket")
    listed = {"../precious.txt": b"keep", "notes.txt": b"mine", "comment.md": b"old"}
    (folder / "SHA256SUMS").write_bytes(sums(listed))

    write_bundle({"comment.md": b"new", "SHA256SUMS": b""}, folder)

    assert (tmp_path / "precious.txt").read_text() == "keep"
    assert (folder / "notes.txt").read_bytes() == b"mine"


def test_a_file_that_belongs_to_no_bundle_is_not_overwritten(tmp_path: Path) -> None:
    """Somebody's own report.pdf in a folder without checksums is left alone, and nothing is written beside it."""
    folder = tmp_path / "ticket"
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"mine")

    with pytest.raises(ExpectedError) as caught:
        write_bundle({"comment.md": b"new", "report.pdf": b"new"}, folder)

    assert caught.value.slug == "not-a-bundle"
    assert contents(folder) == {"report.pdf": b"mine"}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder made before is as good as a new one."""
    (tmp_path / "ticket").mkdir()

    write_bundle({"figures/gap.svg": b"a", "SHA256SUMS": b""}, tmp_path / "ticket")

    assert contents(tmp_path / "ticket") == {"figures/gap.svg": b"a", "SHA256SUMS": b""}


@pytest.mark.parametrize("older_one", [True, False])
@pytest.mark.parametrize(
    ("number", "slug"), [(errno.ENOSPC, "disk-full"), (errno.EACCES, "not-writable"), (errno.EROFS, "not-writable")]
)
def test_a_failed_write_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, slug: str, older_one: bool
) -> None:
    """Where the disk is full or the folder refuses, the older bundle is whole or there is none, and no part stays behind."""
    folder = older(tmp_path / "ticket") if older_one else tmp_path / "ticket"
    before = contents(tmp_path)
    write_bytes = Path.write_bytes
    written: list[Path] = []

    def refuse(self: Path, data: bytes) -> int:
        if written:
            raise OSError(number, os.strerror(number))
        written.append(self)
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(ExpectedError) as caught:
        write_bundle({"comment.md": b"new", "report.pdf": b"new"}, folder)

    assert caught.value.slug == slug
    assert caught.value.sentence.startswith(f"{folder} could not be written: ")
    assert contents(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == (["ticket"] if older_one else [])


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """A folder without permission is told in one sentence."""
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ExpectedError) as caught:
            write_bundle({"comment.md": b"new"}, tmp_path / "ticket")
    finally:
        tmp_path.chmod(0o700)

    assert caught.value.slug == "not-writable"


# What the command refuses


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file", "is a file, not a folder"),
        ("missing/ticket", "does not exist"),
        ("run", "is the run's own folder"),
    ],
)
def test_a_wrong_target_is_refused_before_anything_is_read(
    target: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, one sentence and a hint, nothing on standard output, nothing written."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "run").mkdir()
    before = contents(tmp_path)

    assert cli.main(["bundle", str(tmp_path / "run"), "-o", str(tmp_path / target)]) == cli.FAILED

    captured = capsys.readouterr()
    assert words in captured.err
    assert len(captured.err.splitlines()) == 2
    assert captured.out == ""
    assert contents(tmp_path) == before


@pytest.mark.parametrize("arguments", [[], [str(NONE_TRIED)], [str(NONE_TRIED), "-o"], ["no-such-run", "-o", "ticket"]])
def test_bad_usage_exits_with_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call without a run or without a folder writes nothing and says why."""
    monkeypatch.chdir(tmp_path)

    assert cli.main(["bundle", *arguments]) == cli.FAILED

    assert capsys.readouterr().err.startswith("pai-report: ")
    assert list(tmp_path.iterdir()) == []


def test_without_pango_there_is_no_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The PDF was asked for with the bundle: without it exit 2, and no folder without one of its files."""

    def missing() -> Any:
        raise ExpectedError("pango-missing", "A PDF needs the Pango libraries.", "apt-get install …")

    monkeypatch.setattr(pdf, "import_weasyprint", missing)

    assert cli.main(["bundle", str(NONE_TRIED), "-o", str(tmp_path / "ticket")]) == cli.FAILED

    assert "Pango" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_direction_can_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--minimize reaches the comment."""
    assert cli.main(["bundle", str(NONE_TRIED), "--minimize", "-o", str(tmp_path / "ticket")]) == cli.WRITTEN
    capsys.readouterr()

    assert "lower is better" in (tmp_path / "ticket" / "comment.md").read_text("utf-8")


def test_a_report_can_be_bundled(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The data travels in the PDF: the bundle of a report is that of its run, told from the files inside."""
    assert cli.main(["bundle", str(bundle / "report.pdf"), "-o", str(tmp_path / "again")]) == cli.WRITTEN
    assert cli.main(["bundle", str(bundle / "report.pdf"), "--minimize", "-o", str(tmp_path / "other")]) == cli.FAILED
    capsys.readouterr()

    made, expected = contents(tmp_path / "again"), contents(bundle)
    assert {name: made[name] for name in COMMENTS | {"original.png"}} == {
        name: expected[name] for name in COMMENTS | {"original.png"}
    }
    assert not (tmp_path / "other").exists()


def test_templates_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A house that words its comments in its own way replaces the template of the comment, and nothing else changes."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "comment.txt.j2").write_text("Our ticket {{ marker }}\n")
    options = ("--templates", str(tmp_path / "ours"))

    assert cli.main(["bundle", str(NONE_TRIED), "-o", str(tmp_path / "ticket"), *options]) == cli.WRITTEN
    capsys.readouterr()

    assert re.fullmatch(r"Our ticket pai-report:[0-9a-f]{16}\n", (tmp_path / "ticket" / "comment.txt").read_text("utf-8"))
    assert (tmp_path / "ticket" / "comment.md").read_text("utf-8").startswith("<!-- pai-report:")
