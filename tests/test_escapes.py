"""What a run folder, a file or an argument says is shown and never obeyed: no escape reaches a terminal from any command."""

import ast
import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT, SAMPLES

from pai_report import cli

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp\u2066\x7f"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
NAME = f"im{EVIL}proved"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two runs whose names, files, columns, cells, settings and neighbours hold escapes."""
    for name in (NAME, f"second{EVIL}"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        for path in (SAMPLES / "improved").iterdir():
            data = path.read_bytes()
            if path.suffix == ".csv":
                data = data.replace(b"Train", f"Train{EVIL}".encode()) + f'"{EVIL}",{EVIL}\r\n'.encode()
            if path.suffix == ".json":
                data = json.dumps(json.loads(data) | {f"key{EVIL}": EVIL, "scheduler": EVIL}, ensure_ascii=False).encode()
            (folder / path.name.replace("improved", name)).write_bytes(data)
        (folder / f"foreign{EVIL}.txt").write_text(EVIL)
        (folder / f"{name}{EVIL}Scores.csv").write_text(f"{EVIL},Validation\n0,{EVIL}\n")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "runs"


CALLS = [
    ["RUN"],
    ["RUN", "-o", "report.md", "-o", "report.html", "-o", "report.json"],
    ["RUN", "-o", "-", "--format", "md"],
    ["RUN", "-o", "-", "--format", "json"],
    ["RUN", "-o", f"{EVIL}.md"],
    ["RUN", "-o", f"no{EVIL}/report.md"],
    ["RUN", "-o", f"report.{EVIL}"],
    ["RUN", "--save-name", EVIL],
    ["RUNS"],
    ["RUNS", "--save-name", EVIL],
    ["inspect", "RUN"],
    ["inspect", "RUN", "--json"],
    ["inspect", "RUNS"],
    ["bundle", "RUN", "-o", "ticket"],
    ["bundle", "RUN", "-o", f"t{EVIL}"],
    ["verify", f"{EVIL}.pdf"],
    ["explain", EVIL],
    [EVIL],
    [f"--{EVIL}"],
    ["RUN", "--fail-on", EVIL],
    ["RUN", "--original-params", EVIL],
    ["RUN", EVIL],
    ["inspct", EVIL],
    ["batch", "RUNS", "-o", "reports", "--format", "md"],
    ["batch", "RUNS", "-o", f"reports{EVIL}", "--format", "md"],
    ["batch", f"no{EVIL}", "-o", "reports", "--format", "md"],
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call).replace(EVIL, "EVIL"))
def test_no_escape_is_printed(call: list[str], runs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever it says and however it ends, a command prints nothing that a terminal obeys; it is no mistake of ours."""
    known = {"RUN": str(runs / NAME), "RUNS": str(runs)}

    code = cli.main([known.get(part, part) for part in call])

    out, told = capfd.readouterr()
    assert code in {cli.WRITTEN, cli.FAILED}, told
    assert out + told
    assert not HARMFUL.search(out)
    assert not HARMFUL.search(told)
    if "--json" in call or "json" in call[-1:]:
        assert "owned" in json.dumps(json.loads(out))


def test_candidates_are_asked_for_without_escapes(
    runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question on a terminal lists names, harmless and each on one line."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "nobody\n", raising=False)

    assert cli.main([str(runs)]) == cli.FAILED

    told = capsys.readouterr().err
    assert "What was your save_name?" in told
    assert not HARMFUL.search(told)


@pytest.mark.parametrize("formats", [("md",), ("html",), ("json",), ("pdf",)])
def test_report_with_escapes_is_told_again_without(
    formats: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report.json whose texts were replaced by escapes is read back, and none of them comes out again."""
    shutil.copy(PROJECT / "tests" / "broken" / "k-esc.json", tmp_path / "report.json")
    monkeypatch.chdir(tmp_path)

    code = cli.main(["report.json", *(part for suffix in formats for part in ("-o", f"again.{suffix}"))])

    captured = capsys.readouterr()
    assert code in {cli.WRITTEN, cli.FAILED}, captured.err
    assert not HARMFUL.search(captured.err)
    for suffix in set(formats) - {"pdf"}:
        path = tmp_path / f"again.{suffix}"
        assert not path.exists() or not HARMFUL.search(path.read_text("utf-8"))


def test_everything_that_is_said_goes_through_one_place() -> None:
    """Nothing but cli/talk.py writes to a standard stream, so that no message can forget to be made harmless."""
    package = PROJECT / "pai_report"
    users = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if uses_streams(path)}

    only_looked_at = {"cli/__init__.py", "cli/report.py", "cli/batch.py", "batch/helper.py"}  # set up, asked, moved
    others = {"__main__.py", "machine.py"}  # before anything is imported, and for the Makefile
    assert users - only_looked_at - others == {"cli/talk.py"}
    for name in only_looked_at:
        assert not re.search(r"sys\.std(out|err)\.(write|buffer)|(?<![.\w])print\(", (package / name).read_text("utf-8"))


def uses_streams(path: Path) -> bool:
    """Whether a module names a standard stream or prints."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    used = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    return bool(used & {"sys.stdout", "sys.stderr"} or "print" in called)
