"""Reports on disk: whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from conftest import PROJECT
from document_fixture import assets, hostile_document, run_document

from pai_report.errors import ExpectedError
from pai_report.report import assets as found
from pai_report.report.assets import folder, style
from pai_report.report.render import render
from pai_report.report.rendition import Rendered, format_of, source_date
from pai_report.report.unfinished import sweep, unfinished, unfinished_folder
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


def test_mode_of_an_older_report_is_kept(tmp_path: Path) -> None:
    """Who could read the report before can read the new one, and nobody else: a replaced file keeps its permissions."""
    target = tmp_path / "run.md"
    for mode in (0o600, 0o664, 0o444):
        target.touch()
        target.chmod(mode)
        write(REPORT, target)
        assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", mode)
        target.unlink()


def test_longest_name_can_be_written(tmp_path: Path) -> None:
    """A name as long as the system takes leaves no room for additions, and none is needed."""
    target = tmp_path / ("r" * 252 + ".md")

    write(Rendered(main=b"new"), target)

    assert target.read_bytes() == b"new"


# What is read is not written


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A folder with a table and a picture, to be inputs, and other names for the table beside it."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "PAIScores.csv").write_bytes(b"table")
    (folder / "PAI.png").write_bytes(b"picture")
    (tmp_path / "hard.md").hardlink_to(folder / "PAIScores.csv")
    (tmp_path / "link.md").symlink_to(folder / "PAIScores.csv")
    (tmp_path / "twice.md").symlink_to("link.md")
    (tmp_path / "through").symlink_to(folder)
    (tmp_path / "report_files").symlink_to(folder)
    return folder


@pytest.mark.parametrize(
    "name", ["run/PAIScores.csv", "run/../run/PAIScores.csv", "hard.md", "link.md", "twice.md", "through/PAIScores.csv"]
)
def test_input_is_not_overwritten(name: str, run_folder: Path) -> None:
    """A report goes over no file that it was made from, under whatever name that is asked for."""
    inputs = tuple(run_folder.iterdir())
    with pytest.raises(ExpectedError, match="is read for this report") as caught:
        write(Rendered(main=b"new"), run_folder.parent / name, inputs)

    assert caught.value.slug == "target-is-input"
    assert (run_folder / "PAIScores.csv").read_bytes() == b"table"
    assert (run_folder.parent / name).read_bytes() == b"table"


def test_pictures_go_over_no_input(run_folder: Path) -> None:
    """The folder of the pictures may be the run's own: a picture of the same name there stays, and no report is written."""
    report = Rendered(main=b"new", files=(("report_files/PAI.png", b"other"),))
    with pytest.raises(ExpectedError) as caught:
        write(report, run_folder.parent / "report.md", tuple(run_folder.iterdir()))

    assert caught.value.slug == "target-is-input"
    assert (run_folder / "PAI.png").read_bytes() == b"picture"
    assert not (run_folder.parent / "report.md").exists()


def test_report_beside_its_inputs_can_be_written_again(run_folder: Path) -> None:
    """A report in the run's folder is no input."""
    for _ in range(2):
        write(REPORT, run_folder / "run.md", (run_folder / "PAIScores.csv", run_folder / "PAI.png", run_folder / "gone"))

    assert (run_folder / "run.md").read_bytes() == b"new"


# What a killed process leaves


def test_left_over_files_are_removed(tmp_path: Path) -> None:
    """The next report removes what nobody holds any more, in its folder and that of its pictures, and nothing else."""
    (tmp_path / "run_files").mkdir()
    ours = [tmp_path / ".pai-report-abcd_123.part", tmp_path / "run_files" / ".pai-report-zzzzzzzz.part"]
    others = [tmp_path / name for name in (".pai-report-.part", "pai-report-abcd1234.part", ".other-abcd1234.part")]
    for path in (*ours, *others):
        path.write_bytes(b"half")
    link = tmp_path / ".pai-report-linklink.part"
    link.symlink_to(others[0])
    pipe = tmp_path / ".pai-report-pipepipe.part"
    os.mkfifo(pipe)

    write(REPORT, tmp_path / "run.md")

    assert [path for path in ours if path.exists()] == []
    assert all(path.exists() for path in (*others, link, pipe))


def test_files_in_use_are_not_removed(tmp_path: Path) -> None:
    """Two processes may write into one folder: what the other has not finished stays, until the other has put it in place."""
    with unfinished(tmp_path / "other.md", b"other") as put, unfinished_folder(tmp_path) as folder:
        (folder / "file").write_bytes(b"")
        write(REPORT, tmp_path / "run.md")
        sweep(tmp_path)
        assert (folder / "file").exists()
        put()

    assert (tmp_path / "other.md").read_bytes() == b"other"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.md", "run.md", "run_files"]


def test_killed_process_leaves_nothing_after_the_next(tmp_path: Path) -> None:
    """A process killed between writing and putting in place leaves the old report; the next removes its file and folder."""
    script = (
        "import os, signal, sys; from pathlib import Path; from pai_report.report.unfinished import *\n"
        "with unfinished(Path(sys.argv[1]) / 'run.md', b'half'), unfinished_folder(Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "run.md").write_bytes(b"old")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}

    killed = subprocess.run([sys.executable, "-c", script, tmp_path], env=environment, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / "run.md").read_bytes() == b"old"
    write(Rendered(main=b"new"), tmp_path / "run.md")
    assert [path.name for path in tmp_path.iterdir()] == ["run.md"]


def test_temporary_names_cannot_be_guessed(tmp_path: Path) -> None:
    """Nobody can put something in the way beforehand: each name is another."""
    names = set()
    for _ in range(20):
        with unfinished(tmp_path / "run.md", b"new"):
            (part,) = tmp_path.iterdir()
            names.add(part.name)

    assert len(names) == 20


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
