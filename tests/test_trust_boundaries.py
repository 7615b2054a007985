"""A folder from a stranger, through every command: nothing that lies outside comes in, nothing fills the memory or hangs.

What is promised stands in SECURITY.md. The secret is a file outside of the run folder, to which files in it are links.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SAMPLES

from pai_report import cli
from pai_report.pipeline import study
from pai_report.retelling import attached
from pai_report.settings import Settings

SECRET = "TOP-SECRET-0451"  # noqa: S105 a word that must not come out
FORMATS = ("md", "html", "pdf", "json")
TABLES = ("learning_rate.csv", "Times.csv", "_config.json", ".png")
MEMORY = 1 << 30  # bytes that a folder of whatever size may cost


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A copy of a sample beside a secret."""
    folder = tmp_path / "runs" / "rejected"
    shutil.copytree(SAMPLES / "rejected", folder)
    (tmp_path / "secret").write_text(f"{SECRET},{SECRET}\n{SECRET}\n")
    return folder


def linked(folder: Path) -> None:
    """Files of the run as links to the secret: picture, tables, configuration, and a table of the user's own."""
    for name in TABLES:
        (folder / f"rejected{name}").unlink()
        (folder / f"rejected{name}").symlink_to("../../secret")
    (folder / "otherScores.csv").symlink_to("../../secret")


def sparse(path: Path) -> None:
    """A file of 5 GB that takes no room."""
    path.touch()
    os.truncate(path, 5_000_000_000)


def huge(folder: Path) -> None:
    """5 GB of nothing in a table, the configuration, the picture and a snapshot."""
    for name in (*TABLES, "_beforeSwitch_0Scores.csv"):
        sparse(folder / f"rejected{name}")


def deep(folder: Path) -> None:
    """A configuration of a hundred thousand levels, a table of a hundred thousand columns and quotes."""
    (folder / "rejected_config.json").write_text("[" * 100_000)
    (folder / "rejectedTimes.csv").write_text('"' * 99_999 + "," * 100_000 + "\n1\n")


HOSTILE: dict[str, Callable[[Path], None]] = {"link": linked, "bomb": huge, "deep": deep}


def _contents(place: Path) -> Iterator[bytes]:
    """The bytes of every file below a folder, with the texts and attachments of the PDFs among them."""
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.is_file():
            yield path.read_bytes()
            if path.suffix == ".pdf":
                yield from (data for _name, data in attached(path.read_bytes(), path.name))


def limited(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own that may not take more than `MEMORY` beyond what it starts with."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    command = [sys.executable, "-m", "pai_report", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("command", ["md", "html", "pdf", "json", "terminal", "bundle", "batch", "inspect", "inspect-json"])
def test_nothing_comes_in_and_the_rest_is_told(command: str, kind: str, run: Path, tmp_path: Path) -> None:
    """The run is reported without the files that are not read, which are named; no byte of the secret is anywhere."""
    HOSTILE[kind](run)
    out = tmp_path / "out"
    arguments = {
        **{fmt: [str(run), "-o", str(tmp_path / f"out.{fmt}")] for fmt in FORMATS},
        "terminal": [str(run)],
        "bundle": ["bundle", str(run), "-o", str(out)],
        "batch": ["batch", str(run.parent), "-o", str(out), "--format", "json", "--jobs", "1"],
        "inspect": ["inspect", str(run)],
        "inspect-json": ["inspect", str(run), "--json"],
    }[command]
    done = limited(*arguments)

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    made = [done.stdout.encode(), done.stderr.encode()]
    for place in (out, tmp_path / f"out.{command}"):
        made += _contents(place) if place.exists() else ()
    assert not [data for data in made if SECRET.encode() in data]
    if command not in {"batch", "pdf"}:
        assert any(b"rejected_config.json" in data or b"PAI020" in data for data in made)


@pytest.mark.parametrize("kind", HOSTILE)
def test_verify_of_a_report_that_lacked_files(kind: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report of what could be read follows from what it carries, and is told again as it was."""
    HOSTILE[kind](run)
    report = tmp_path / "report.pdf"
    assert cli.main([str(run), "-o", str(report)]) == 0
    code = cli.main(["verify", str(report)])

    assert code == 0, capsys.readouterr().out
    assert cli.main([str(report), "-o", str(tmp_path / "again.json")]) == 0
    assert json.loads((tmp_path / "again.json").read_text())["analysis"]["missing"]


@pytest.mark.parametrize("suffix", ["json", "pdf"])
@pytest.mark.parametrize("command", [[], ["verify"], ["bundle"]])
def test_reading_back_what_is_no_report(command: list[str], suffix: str, tmp_path: Path) -> None:
    """5 GB of nothing, a hundred thousand levels, a link to a secret: one sentence each, and nothing quoted."""
    (tmp_path / "secret").write_text(f'{{"schema_version": 2, "generator": "{SECRET}", "analysis": "{SECRET}"')
    out = ["-o", str(tmp_path / "out")] if command == ["bundle"] else ["-o", str(tmp_path / "out.md")] if not command else []
    hostile: dict[str, Callable[[Path], object]] = {
        "bomb": sparse,
        "deep": lambda path: path.write_text('{"schema_version": 2, "generator": "x", "analysis": ' + '{"a":' * 100_000),
        "link": lambda path: path.symlink_to("secret"),
    }
    for name, make in hostile.items():
        report = tmp_path / f"{name}.{suffix}"
        make(report)
        done = limited(*command, str(report), *out)

        assert done.returncode == 2, (name, done.stderr)
        assert "Traceback" not in done.stderr
        assert SECRET not in done.stderr + done.stdout
        assert len(done.stderr.splitlines()) <= 3, done.stderr


@pytest.mark.parametrize("name", ["pai-report.toml", "pyproject.toml"])
def test_a_configuration_file_that_is_no_such_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own is refused with its reason and without its content; of another tool's file we say nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "secret").write_text(f"{SECRET}: {SECRET}\n")
    place = tmp_path / "work" / name
    faults: tuple[Callable[[], object], ...] = (
        lambda: place.symlink_to("../secret"),
        lambda: sparse(place),
        lambda: place.write_text("a = " + "[" * 100_000),
        lambda: place.write_text(f"[tool.pai-report]\noriginal_params = {'9' * 5000}\n"),
        lambda: place.write_text("a" + ".a" * 5000 + " = 1\n"),
        lambda: os.mkfifo(place),
    )
    for make in faults:
        place.unlink(missing_ok=True)
        make()
        done = subprocess.run(
            [sys.executable, "-m", "pai_report", "inspect", str(SAMPLES / "rejected")],
            cwd=place.parent,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == (2 if name == "pai-report.toml" else 0), done.stderr
        assert "Traceback" not in done.stderr
        assert SECRET not in done.stderr


def test_followed_links_are_part_of_the_report(run: Path, tmp_path: Path) -> None:
    """With the option the same folder is read whole, by every command that reads runs; a key in the file is the same."""
    store = tmp_path / "store"
    store.mkdir()
    for name in TABLES:
        (run / f"rejected{name}").rename(store / name)
        (run / f"rejected{name}").symlink_to(store / name)
    whole = study(SAMPLES / "rejected", Settings())
    followed = study(run, Settings(follow_links=True))

    assert followed.analysis == whole.analysis
    assert study(run, Settings()).analysis != whole.analysis
    for arguments in (
        [str(run), "--follow-links", "-o", str(tmp_path / "a.json")],
        ["bundle", str(run), "--follow-links", "-o", str(tmp_path / "b")],
        ["batch", str(run.parent), "--follow-links", "--format", "json", "-o", str(tmp_path / "c")],
        ["inspect", str(run), "--follow-links"],
    ):
        assert cli.main(arguments) == 0
    reports = [tmp_path / "a.json", tmp_path / "b" / "report.json", *(tmp_path / "c").rglob("report.json")]
    assert [json.loads(path.read_text())["analysis"]["picture"] for path in reports] == ["rejected.png"] * 3
