"""Reports on disk: whole or not at all."""

import errno
import os
import stat
from pathlib import Path
from threading import Thread

import pytest
from document_fixture import assets, hostile_document, run_document

from pai_report.errors import ExpectedError
from pai_report.report import assets as found
from pai_report.report.assets import folder, style
from pai_report.report.render import render
from pai_report.report.rendition import Rendered, format_of, source_date
from pai_report.report.write import write

REPORT = Rendered(main=b"new", files=(("run_files/a.svg", b"<svg/>"), ("run_files/b.png", b"png")))


def test_report_and_its_files(tmp_path: Path) -> None:
    """The report and the files beside it are there, and nothing else."""
    write(REPORT, tmp_path / "run.md")

    held = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert held == {"run.md": b"new", "run_files/a.svg": b"<svg/>", "run_files/b.png": b"png"}


def test_mode_follows_the_umask(tmp_path: Path) -> None:
    """A new report can be read by whoever may read the user's other new files."""
    before = os.umask(0o027)
    try:
        write(REPORT, tmp_path / "run.md")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "run.md").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("number", "slug"),
    [(errno.ENOSPC, "disk-full"), (errno.EACCES, "not-writable"), (errno.EROFS, "not-writable"), (errno.EIO, "not-written")],
)
def test_failed_write_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, slug: str) -> None:
    """When the system refuses, the old report is still whole, no part of the new one remains, and one sentence says why."""
    target = tmp_path / "run.md"
    target.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ExpectedError) as caught:
        write(Rendered(main=b"new"), target)

    assert caught.value.slug == slug
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["run.md"]


def test_full_disk() -> None:
    """A device without room is told as such."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(ExpectedError) as caught:
        write(Rendered(main=b"x" * 70_000), full)

    assert caught.value.slug == "disk-full"


def test_folder_as_target(tmp_path: Path) -> None:
    """A folder is not overwritten."""
    with pytest.raises(ExpectedError) as caught:
        write(REPORT, tmp_path)

    assert caught.value.slug == "target-is-folder"


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that does not exist is named, with the command that makes it."""
    with pytest.raises(ExpectedError) as caught:
        write(REPORT, tmp_path / "no" / "run.md")

    assert caught.value.slug == "no-such-folder"
    assert caught.value.hint == f"Make it first: mkdir -p {tmp_path / 'no'}"


def test_file_in_the_way_of_the_pictures(tmp_path: Path) -> None:
    """Where a file has the name of the pictures' folder, the report is not written without its pictures."""
    (tmp_path / "run_files").write_bytes(b"")
    with pytest.raises(ExpectedError) as caught:
        write(REPORT, tmp_path / "run.md")

    assert caught.value.slug == "not-written"
    assert not (tmp_path / "run.md").exists()


def test_link_keeps_pointing(tmp_path: Path) -> None:
    """A link to a report stays a link; what it points to is new."""
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "link.md").symlink_to("real.md")

    write(Rendered(main=b"new"), tmp_path / "link.md")

    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"


def test_pipe_is_written_to(tmp_path: Path) -> None:
    """A pipe gets the bytes and stays a pipe."""
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    got: list[bytes] = []
    listener = Thread(target=lambda: got.append(pipe.read_bytes()))
    listener.start()

    write(Rendered(main=b"new"), pipe)
    listener.join(5)

    assert got == [b"new"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.pdf", "pdf"), ("b/A.HTML", "html"), ("a.htm", "html"), ("a.b.md", "md"), ("a.markdown", "md"), ("x.json", "json")],
)
def test_suffix_chooses_the_format(name: str, expected: str) -> None:
    """The suffix is the format, whatever its case."""
    assert expected == format_of(name)


@pytest.mark.parametrize("name", ["report", "report.docx", ".pdf", "pdf"])
def test_unknown_suffix_lists_the_known_ones(name: str) -> None:
    """A name that says no format is refused with all that could be said."""
    with pytest.raises(ExpectedError, match=r"\.pdf, \.html, \.htm, \.md, \.markdown, \.json") as caught:
        format_of(name)

    assert caught.value.slug == "unknown-suffix"


def test_source_date() -> None:
    """SOURCE_DATE_EPOCH counts seconds from 1970; without it there is no date; nonsense is refused."""
    assert source_date({}) is None
    assert source_date({"SOURCE_DATE_EPOCH": "86400"}) is not None
    assert str(source_date({"SOURCE_DATE_EPOCH": "86400"})) == "1970-01-02 00:00:00+00:00"
    for wrong in ("yesterday", "1e9", "9" * 30):
        with pytest.raises(ExpectedError, match="SOURCE_DATE_EPOCH"):
            source_date({"SOURCE_DATE_EPOCH": wrong})


def test_installed_assets_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the installed package, else beside it, else a clear error."""
    package = tmp_path / "site" / "pai_report"
    (tmp_path / "site" / "styles").mkdir(parents=True)
    monkeypatch.setattr(found, "files", lambda _: package)

    assert tmp_path / "site" / "styles" == folder("styles")
    (package / "styles").mkdir(parents=True)
    assert package / "styles" == folder("styles")
    with pytest.raises(ExpectedError) as caught:
        folder("templates")
    assert caught.value.slug == "assets-missing"


def test_missing_style_is_explained() -> None:
    """A style sheet that is not there is an expected problem."""
    with pytest.raises(ExpectedError, match=r"no\.css"):
        style("no.css")


def test_json_is_passed_on() -> None:
    """The JSON report is the one given, unchanged."""
    assert render(run_document(), "json", assets()) == Rendered(main=assets().report_json)


@pytest.mark.parametrize("format_", ["md", "html"])
def test_same_bytes_every_time(format_: str) -> None:
    """Rendering again gives the same bytes, for any text."""
    first = render(hostile_document(), format_, assets())  # type: ignore[arg-type]

    assert first == render(hostile_document(), format_, assets())  # type: ignore[arg-type]
