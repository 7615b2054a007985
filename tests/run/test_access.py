"""Files that are there and cannot be read: each case has its own sentence and remedy, and is never called missing."""

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SAMPLES
from run_files import noted, rows, scores, stack, validation, write_run

from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.run import read_run
from pai_report.run.access import MEGABYTE
from pai_report.run.model import Note, Run
from pai_report.settings import Settings

FOLLOWING = Settings(follow_links=True)
SECRET = b"TOP-SECRET,hunter2\n"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
RATES = stack({"learning_rate": [0.1] * 6})


def _file(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the whole path may be longer than a socket's may
    try:
        listener.bind(path.name)
    finally:
        os.chdir(here)
        listener.close()


CASES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "empty": (_file(b""), "empty-file", "Copy it again"),
    "blank": (_file(b"\n \n"), "empty-file", "Copy it again"),
    "zeros": (_file(bytes(5000)), "binary", "Copy it again"),
    "lfs": (_file(LFS), "git-lfs-pointer", "`git lfs pull`"),
    "annex pointer": (_file(b"/annex/objects/SHA256E-s1--x.csv\n"), "git-annex-pointer", "`git annex get`"),
    "annex link": (_link("../.git/annex/objects/ab/cd/x"), "link-outside", "`git annex get`"),
    "folder": (Path.mkdir, "a-folder", "Put the file in its place"),
    "pipe": (os.mkfifo, "not-regular", "Put the file in its place"),
    "socket": (_socket, "not-regular", "Put the file in its place"),
    "nowhere": (_link("nothing"), "broken-link", "Put the file in its place"),
    "itself": (lambda path: path.symlink_to(path.name), "broken-link", "Put the file in its place"),
    "outside": (_link("../secret"), "link-outside", "--follow-links"),
    "device": (_link("/dev/zero"), "link-outside", "--follow-links"),
    "table": (_file(b"a,b\n1,2\n"), "foreign-header", "Epochs,learning_rate"),
}


def run_with(tmp_path: Path, place: Callable[[Path], object], name: str = "learning_rate.csv") -> Path:
    """A run in whose place of `name` something else lies, beside a secret outside of the folder."""
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "secret").write_bytes(SECRET)
    folder = write_run(tmp_path / "run", files={"learning_rate.csv": RATES})
    (folder / f"run{name}").unlink(missing_ok=True)
    place(folder / f"run{name}")
    return folder


def why(run: Run) -> list[Note]:
    """The notes about canonical files that were not used."""
    return [note for note in run.notes if note.kind is not None]


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_read_says_why_and_what_to_do(case: str, tmp_path: Path) -> None:
    """The rest of the run is read; the file is no missing one and travels with no report."""
    place, slug, remedy = CASES[case]
    run = read_run(run_with(tmp_path, place))

    assert [(note.slug, note.file, note.kind) for note in why(run)] == [(slug, "runlearning_rate.csv", "learning-rate")]
    assert remedy in why(run)[0].text
    assert run.canonical.learning_rate is None
    assert run.canonical.switch_epochs == (2, 2)
    assert "runlearning_rate.csv" not in {content.name for content in run.contents}
    assert "runlearning_rate.csv" in run.ignored


@pytest.mark.parametrize("case", CASES)
def test_scores_that_cannot_be_read_are_refused_with_the_same_words(case: str, tmp_path: Path) -> None:
    """One sentence names the file and what it is, and nothing of a secret is quoted."""
    place, slug, remedy = CASES[case]
    if slug == "foreign-header":
        remedy = "Epochs,Validation Scores,Validation Running Scores"
    with pytest.raises(ExpectedError) as caught:
        read_run(run_with(tmp_path, place, "Scores.csv"))

    told = f"{caught.value.sentence} {caught.value.hint}"
    assert caught.value.sentence.startswith("runScores.csv")
    assert remedy in told
    assert "TOP-SECRET" not in told


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_file_says_so(tmp_path: Path) -> None:
    """Permission denied is neither missing nor broken."""
    run = read_run(run_with(tmp_path, lambda path: path.touch(mode=0)))

    assert [note.slug for note in why(run)] == ["no-permission"]
    assert "chmod" in why(run)[0].text


def test_an_error_of_the_system_that_forbids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system answers to open is told as what it is, whoever runs the tests."""
    folder = run_with(tmp_path, _file(RATES.encode()))
    real = os.open

    def refuse(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("learning_rate.csv"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)

    assert [(note.slug, note.kind) for note in why(read_run(folder))] == [("no-permission", "learning-rate")]


def test_links_out_of_the_folder_are_followed_on_demand(tmp_path: Path) -> None:
    """What git-annex and DVC keep elsewhere is read as if it lay in the folder."""
    store = tmp_path / "cache" / "ab"
    store.parent.mkdir()
    store.write_text(scores())
    folder = run_with(tmp_path, _link(str(store)), "Scores.csv")

    assert validation(read_run(folder, settings=FOLLOWING)) == (10.0, 20.0, 30.0, 25.0, 40.0, 50.0)
    with pytest.raises(ExpectedError, match="link out of the folder"):
        read_run(folder)


def test_links_that_stay_in_the_folder_and_a_folder_that_is_a_link(tmp_path: Path) -> None:
    """Neither leads anywhere that the user did not name."""
    folder = run_with(tmp_path, lambda path: path.symlink_to("kept.csv"))
    (folder / "kept.csv").write_text(RATES)
    (tmp_path / "latest").symlink_to(folder)
    run = read_run(tmp_path / "latest")

    assert why(run) == []
    assert run.canonical.learning_rate is not None


def test_a_link_to_a_folder_above_is_no_way_out(tmp_path: Path) -> None:
    """The configuration of older versions is looked for in the folder PAI, which may be a link itself."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "PAI_config.json").write_text('{"save_name": "run", "max_dendrites": 3}')
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "PAI").symlink_to(outside)
    folder = write_run(tmp_path / "runs" / "run")

    assert read_run(folder).config is None
    assert [note.file for note in noted(read_run(folder), "link-outside")] == ["PAI/PAI_config.json"]
    assert read_run(folder, settings=FOLLOWING).config is not None


def sparse(path: Path, megabytes: int) -> None:
    """A file of so many megabytes that takes no room."""
    path.touch()
    os.truncate(path, megabytes * MEGABYTE)


@pytest.mark.parametrize(
    ("name", "setting", "most"),
    [("learning_rate.csv", "table_size", 256), ("_config.json", "small_size", 4), (".png", "picture_size", 32)],
)
def test_a_file_that_is_too_large_is_not_opened(name: str, setting: str, most: int, tmp_path: Path) -> None:
    """5 GB of nothing: the size, the limit and the key that raises it."""
    run = read_run(run_with(tmp_path, lambda path: sparse(path, 5000), name))

    assert [note.slug for note in why(run)] == ["too-large"]
    assert f"5,000 MB, more than the {most if most > 10 else '4.0'} MB" in why(run)[0].text
    assert f"limits.{setting}" in why(run)[0].text


def test_the_files_of_a_run_have_a_limit_together(tmp_path: Path) -> None:
    """Three tables of 0.6 MB are more than one megabyte: what is read first is kept, the rest named."""
    folder = write_run(tmp_path / "run", files={"Times.csv": "Epochs,Normal Epoch Times,PAI Epoch Times\n" + "\n" * 600_000})
    (folder / "runlearning_rate.csv").write_text(RATES + "\n" * 600_000)
    run = read_run(folder, settings=Settings(limits=replace(Limits(), run_size=1)))

    assert [note.slug for note in why(run)] == ["too-large"]
    assert "limits.run_size" in why(run)[0].text
    assert validation(run) == (10.0, 20.0, 30.0, 25.0, 40.0, 50.0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[" * 100_000, "nested more than 64 levels"),
        (b'{"save_name": "run", "a": ' + b"[" * 70 + b"]" * 70 + b"}", "nested more than 64 levels"),
        (b'{"save_name": "run", "max_dendrites": ' + b"9" * 5000 + b"}", "more than 1000 digits"),
        (b'{"token": "TOP-SECRET"}', "none of the library's settings"),
        (b'["TOP-SECRET"]', "none of the library's settings"),
        (b"TOP-SECRET", "no JSON from line 1, column 1 on"),
        (b"\xff\xfe\xfa", "not UTF-8"),
    ],
)
def test_a_configuration_that_is_none(content: bytes, reason: str, tmp_path: Path) -> None:
    """It is not used, not carried and not quoted, whatever its depth and digits."""
    run = read_run(run_with(tmp_path, _file(content), "_config.json"))

    assert run.config is None
    assert [note.slug for note in why(run)] == ["broken-config"]
    assert reason in why(run)[0].text
    assert "TOP-SECRET" not in str(run)


def test_a_training_script_is_small_and_a_file(tmp_path: Path) -> None:
    """A script of 5 GB is not parsed."""
    write_run(tmp_path / "run")
    sparse(tmp_path / "train.py", 5000)

    with pytest.raises(ExpectedError, match=r"5,000 MB, more than the 4\.0 MB"):
        read_run(tmp_path / "train.py")


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR%s" + bytes(9) + b"\x00\x00\x00\x00IEND\xaeB\x60\x82"


@pytest.mark.parametrize(
    ("content", "is_shown"),
    [
        ((SAMPLES / "improved" / "improved.png").read_bytes(), True),
        (PNG.replace(b"%s", b"\0\0\n\xf0\0\0\x05x"), True),  # 2800 by 1400
        (PNG.replace(b"%s", b"\0\0\x03\xe8\0\0\x03\xe8"), False),  # 1000 by 1000
        (PNG.replace(b"%s", b"\x7f\xff\xff\xfe\x3f\xff\xff\xff"), False),  # two thousand million pixels wide
        ((SAMPLES / "improved" / "improved.png").read_bytes()[:5000], False),
        (b"GIF89a", False),
        (SECRET, False),
        (LFS, False),
    ],
)
def test_the_librarys_own_picture_is_told_by_its_bytes(content: bytes, is_shown: bool, tmp_path: Path) -> None:
    """A PNG twice as wide as high, as the library draws it; whatever else bears the name is not carried."""
    run = read_run(run_with(tmp_path, _file(content), ".png"))

    assert (run.picture is not None) is is_shown
    assert [note.kind for note in why(run)] == ([] if is_shown else ["picture"])


@pytest.mark.parametrize(
    "header",
    [
        "root:x:0:0:root:/root:/bin/bash",
        "alice,hunter2",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "AWS_SECRET_ACCESS_KEY=abc",
        "epoch,ghp_0123456789012345678901234567890123456789012345,x",
        "epoch,\x1b[31m,x",
    ],
)
def test_the_first_line_of_something_else_is_never_quoted(header: str, tmp_path: Path) -> None:
    """Whatever lies under the name of a table is described, not shown (SECURITY.md)."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "runScores.csv").write_text(header + "\n")
    with pytest.raises(ExpectedError) as caught:
        read_run(folder)

    assert header not in str(caught.value.sentence) + caught.value.hint
    assert "column" in caught.value.sentence

    run = read_run(run_with(tmp_path / "other", _file(header.encode() + b"\n")))
    assert header not in str(run.notes)


def test_a_table_of_somebody_else_is_quoted_by_its_columns(tmp_path: Path) -> None:
    """Names of columns that begin with a counter of epochs say more than their number."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "runScores.csv").write_text("epoch,val,running_val\n1,2,3\n")
    with pytest.raises(ExpectedError, match="Its header is 'epoch,val,running_val'"):
        read_run(folder)


def test_switch_rows_are_not_taken_from_a_file_that_was_not_read(tmp_path: Path) -> None:
    """The table of switches is a pointer: nothing is said of sets, and the file is named as what it is."""
    run = read_run(run_with(tmp_path, _file(LFS), "switch_epochs.csv"))

    assert run.canonical.switch_epochs is None
    assert noted(run, "missing-file") == []
    assert rows("Switch Number,Switch Epoch", (2, 2)) not in str(run)


@pytest.mark.parametrize("case", ["pipe", "socket", "folder"])
def test_a_snapshot_that_cannot_be_read_costs_nothing_else(case: str, tmp_path: Path) -> None:
    """The sample of a rejected set with one file of a snapshot in another shape."""
    folder = tmp_path / "rejected"
    shutil.copytree(SAMPLES / "rejected", folder)
    name = next(path for path in sorted(folder.glob("*beforeSwitch_0Times.csv")))
    name.unlink()
    CASES[case][0](name)
    run, whole = read_run(folder), read_run(SAMPLES / "rejected")

    assert run.canonical == whole.canonical
    assert [note.file for note in run.notes if note.slug == CASES[case][1]] == [name.name]
