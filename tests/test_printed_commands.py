"""Every `pip install`, make target and pai-report command that the project prints works in a checkout as it is."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from conftest import PROJECT
from cyclopts import CycloptsError

from pai_report.cli import app

DOCUMENTS = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"), PROJECT / "samples" / "README.md"]
PRINTED = [path for path in (*DOCUMENTS, *(PROJECT / "pai_report").rglob("*.py")) if path.name != "CHANGELOG.md"]
FACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
EXTRAS = FACTS["project"]["optional-dependencies"]
PACKAGES = {re.split(r"[<>=]", entry)[0] for entries in EXTRAS.values() for entry in entries} | {
    "pip",
    "editables",
    "hatchling",
}
PIP = re.compile(r"pip install ((?:\"[^\"\n]+\"|[^\s\"\\`;,)#]+| )+)")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A command ends where what it does is told beside it, or where a pipe, a redirection or the next command begins.
COMMAND = re.compile(r"(?:^|[\s/(])pai-report (?! )(.+?)(?=  |\s*(?:\d?[<>]|[|;&)])|$)", re.MULTILINE)
OPTION = re.compile(r"`(--[a-z][a-z-]+)")  # what a page or a sentence of ours sets as code
OF_OTHERS = {"--header", "--user", "--help", "--version"}  # of curl, and what every command has
OF_TRAINING = {"perforatedai"}  # what trains the samples, pinned in samples/requirements.txt or beside it


def targets() -> list[tuple[str, str]]:
    """File and target of each `pip install` that is printed."""
    return [(path.name, line[1]) for path in PRINTED for line in PIP.finditer(path.read_text("utf-8"))]


def unknown(words: list[str]) -> list[str]:
    """What of `pip install WORDS` neither is in the checkout nor belongs to an extra or to the tools of development."""
    wrong = []
    for word in words:
        place = re.fullmatch(r"(\.|\./pai-report)(?:\[([a-z]+)\])?", word)
        if place:
            wrong += [word] if place[2] and place[2] not in EXTRAS else []
        elif not (word in PACKAGES or (PROJECT / word).is_file() or re.split("==", word)[0] in OF_TRAINING):
            wrong.append(word)
    return wrong


@pytest.mark.parametrize(("name", "line"), targets())
def test_what_pip_is_told_to_install_is_there(name: str, line: str) -> None:
    """The checkout, one of its extras, a package of an extra: never the name of a project that no index has."""
    words = shlex.split(line)
    named = [word for word in words if not word.startswith("-")]

    assert "pai-report" not in " ".join(words).replace("./pai-report", "")
    assert unknown(named[:1]) == [], name  # what follows may be the rest of a sentence


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_exist(path: Path) -> None:
    """Each line of a code block that calls make names a target of the Makefile."""
    rules = set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = path.read_text("utf-8")
    called = set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)) | set(re.findall(r"`make ([a-z-]+)", text))

    assert called <= rules


def test_there_are_such_lines() -> None:
    """The pattern finds what it looks for: in the README, in the documentation and in the program."""
    assert {"README.md", "batch.md", "address.py", "cluster.py", "assets.py"} <= {name for name, _ in targets()}


def commands(text: str) -> list[str]:
    """What follows `pai-report` on each line of the code blocks of `text`, continued lines joined, comments left out."""
    blocks = (re.sub(r"\\\n\s*|\s#.*", "", block) for block in FENCED.findall(text))
    return [command for block in blocks for command in COMMAND.findall(block)]


def parse(command: str) -> None:
    """Read `pai-report COMMAND` as the program does, without running it."""
    _, launched, _ = app.meta.parse_args(shlex.split(command), exit_on_error=False, print_error=False)
    app.parse_args(launched.args, exit_on_error=False, print_error=False)


PRINTED_COMMANDS = [
    pytest.param(command, id=f"{path.name}: {command}")
    for path in DOCUMENTS
    if path.name != "CHANGELOG.md"
    for command in commands(path.read_text("utf-8"))
]


@pytest.mark.parametrize("command", PRINTED_COMMANDS)
def test_printed_commands_parse(command: str) -> None:
    """The program knows the command, its options and their values."""
    parse(command)


@pytest.mark.parametrize(
    "command", ["results/ --colour", "batch runs/ -o", "batch runs/ -o reports/ --fail-on sometimes", "rules --all"]
)
def test_wrong_commands_do_not_parse(command: str) -> None:
    """An option that is not there, one without its value, a value that it does not take."""
    with pytest.raises(CycloptsError):
        parse(command)


def test_every_way_to_print_a_command_is_read() -> None:
    """Comments, pipes, substitutions, paths before the name and continued lines."""
    text = """pai-report prose
```sh
pai-report results/ -o a.pdf    what it does (in words)
eval "$(pai-report completion bash)"    completed
17 3 * * *  .venv/bin/pai-report batch runs 2>log || cat log
  - run: pip install ./pai-report # a checkout of pai-report
off = []    # pai-report rules lists them
pai-report batch runs \\
  --fail-on critical
```
"""
    assert commands(text) == ["results/ -o a.pdf", "completion bash", "batch runs", "batch runs --fail-on critical"]


def test_every_option_named_in_a_sentence_is_one_of_ours() -> None:
    """Pages and messages name options beside the commands that they print: some command takes each."""
    parts = (app, app.meta, *(app[name] for name in app if not name.startswith("-")))
    known = {name for part in parts for argument in part.assemble_argument_collection() for name in argument.names}
    named = {(path.name, name) for path in PRINTED for name in OPTION.findall(path.read_text("utf-8"))}

    assert ("direction.py", "--maximize") in named
    assert [each for each in sorted(named) if each[1] not in known | OF_OTHERS] == []


def test_no_requirement_asks_an_index_for_us() -> None:
    """`pai-report[…]` is what pip would look up in an index; from a checkout it is `.[…]`."""
    asking = [path.name for path in PRINTED if re.search(r"(?<!\./)pai-report\[[a-z]+\]", path.read_text("utf-8"))]

    assert asking == []
