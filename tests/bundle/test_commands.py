"""The commands that are printed: a shell runs them as they are, from any folder, whatever the path of the bundle holds."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT

from pai_report.bundle.commands import commands
from pai_report.bundle.places import GITHUB, JIRA, MB, fitting, sizes

MARKER = "pai-report:0123456789abcdef"
NAMES = ("report.pdf", "report.html", "report.json", "original.png", "scores.png", "comment.gitlab.md", "comment.txt")
FILES = {
    **{name: name.encode() for name in NAMES},
    "comment.md": f"<!-- {MARKER} -->\nAnswer\n\n<!-- picture: scores.png -->\n\nrest\n".encode(),
    "comment.gitlab.md": f"<!-- {MARKER} -->\nAnswer\n\n<!-- picture: scores.png -->\n\nrest\n".encode(),
    "comment.jira.txt": f'h2. "Answer"\n{MARKER}\n'.encode(),
}
# Stands for gh, glab, curl and mlflow: notes what it was given, and answers with the ids and links that they would.
TOOL = """#!/bin/sh
name=$(basename "$0")
{ printf '%s' "$name"; printf '\\t%s' "$@"; printf '\\n'; } >> "$LOG/calls"
case "$*" in
  *"body-file -"*|*"body=@-"*|*"data-binary @-"*) cat > "$LOG/stdin" ;;
  *uploads*) echo '{"markdown": "![scores](/uploads/1/scores.png)"}' ;;
  *myself) echo '{"accountId": "me"}' ;;
  "api user --jq .login") echo me ;;
  "api user") echo '{"username": "me"}' ;;
  *"maxResults"*) cat "$LOG/comments" ;;
  *"per_page"*) cat "$LOG/notes" ;;
  *"--jq"*) jq "$5" "$LOG/notes" ;;
esac
"""
VARIABLES = {
    "REPO": "me/it", "PROJECT": "me%2Fit", "ISSUE": "7", "JIRA_URL": "https://jira.example", "JIRA_USER": "me",
    "JIRA_TOKEN": "secret", "GITLAB_TOKEN": "hidden", "MLFLOW_RUN_ID": "abc",
}  # fmt: skip


@pytest.fixture(params=["ticket", "a b'c\"d;e,f#g $HOME", "-x `id` (1)"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A bundle in a folder whose name a shell or a tool could misread."""
    made = tmp_path / str(request.param)
    made.mkdir()
    for name, data in FILES.items():
        (made / name).write_bytes(data)
    return made


def listed(ours: str, quoting: str) -> list[dict[str, object]]:
    """Comments on a ticket: an empty one, one that quotes ours, one of another account that is as ours, ours (41), a second."""

    def comment(number: int, author: str, body: str | None) -> dict[str, object]:
        return {"id": number, "user": {"login": author}, "author": {"username": author, "accountId": author}, "body": body}

    return [
        comment(38, "me", None), comment(39, "me", quoting), comment(40, "stranger", ours), comment(41, "me", ours),
        comment(42, "me", ours),
    ]  # fmt: skip


def run(folder: Path, tmp_path: Path, place: str, **changed: str) -> tuple[list[list[str]], str, int]:
    """What the tools were given by the commands for `place`, what the last one read, and how the last command ended."""
    if shutil.which("jq") is None:
        pytest.skip("this system has no jq")
    tools, log, other = (tmp_path / name for name in ("tools", "log", "other"))
    for held in (tools, log, other):
        held.mkdir()
    for name in ("gh", "glab", "curl", "mlflow"):
        (tools / name).write_text(TOOL)
        (tools / name).chmod(0o755)
    (log / "comments").write_text(json.dumps({"comments": listed(f"text\n{MARKER}\r\n", f"{MARKER}\nquoted")}))
    notes = listed(f"<!-- {MARKER} -->\ntext", f"> <!-- {MARKER} -->\nquoted")
    (log / "notes").write_text(json.dumps(notes[:1]) + json.dumps(notes[1:]))  # pages one after the other, as glab prints them
    environment = {**VARIABLES, **changed, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log), "HOME": "/"}
    part = next(part for part in commands(FILES, MARKER, folder).split("\n\n") if part.startswith(f"# {place}."))
    made = subprocess.run(["bash", "-c", part], cwd=other, env=environment, capture_output=True, text=True, check=False)
    calls = (log / "calls").read_text().splitlines() if (log / "calls").exists() else []
    read = (log / "stdin").read_text() if (log / "stdin").exists() else ""
    return [call.split("\t") for call in calls], read, made.returncode


def test_the_script_is_valid(folder: Path) -> None:
    """A shell parses it, and it names variables only, no values."""
    script = commands(FILES, MARKER, folder)
    made = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)

    assert made.stderr == ""
    assert {line.split(".")[0] for line in script.splitlines() if re.match(r"# \w+\. ", line)} >= {"# GitHub", "# GitLab"}


def test_github(folder: Path, tmp_path: Path) -> None:
    """The comment is posted, with its picture in its place where gh can, or replaces our own that begins with the marker."""
    calls, read, code = run(folder, tmp_path, "GitHub")

    post = ["gh", "issue", "comment", "7", "--repo", "me/it", "--body-file"]
    assert calls[0] == [*post, "comment.md"]
    assert calls[1] == [*post, "-", "--attach", "scores.png"]
    assert calls[-1] == ["gh", "api", "--method", "PATCH", "repos/me/it/issues/comments/41", "--field", "body=@comment.md"]
    assert read == f"<!-- {MARKER} -->\nAnswer\n\n![Scores over the epochs](scores.png)\n\nrest\n"
    assert code == 0


def test_gitlab(folder: Path, tmp_path: Path) -> None:
    """The picture is uploaded, then the note that shows it is posted, or replaces our own one that has the marker."""
    calls, read, code = run(folder, tmp_path, "GitLab")

    assert calls[0][-3:] == ["--form", "file=@scores.png", "https://gitlab.com/api/v4/projects/me%2Fit/uploads"]
    assert "PRIVATE-TOKEN: hidden" in calls[0]
    assert calls[1] == ["glab", "api", "--method", "POST", "projects/me%2Fit/issues/7/notes", "--field", "body=@-"]
    assert calls[-1] == ["glab", "api", "--method", "PUT", "projects/me%2Fit/issues/7/notes/41", "--field", "body=@-"]
    assert read == f"<!-- {MARKER} -->\nAnswer\n\n![scores](/uploads/1/scores.png)\n\nrest\n"
    assert code == 0


def test_jira(folder: Path, tmp_path: Path) -> None:
    """The files are attached, then the comment is posted as JSON, or replaces our own one that has the marker."""
    calls, read, code = run(folder, tmp_path, "Jira")

    attached = [word for word in calls[1] if word.startswith("file=@")]
    assert attached == [f"file=@{name}" for name in ("scores.png", "report.pdf", "report.html", "report.json", "original.png")]
    assert calls[1][-1] == "https://jira.example/rest/api/2/issue/7/attachments"
    assert calls[2][-1] == "https://jira.example/rest/api/2/issue/7/comment"
    assert calls[-1][-3:] == ["--request", "PUT", "https://jira.example/rest/api/2/issue/7/comment/41"]
    assert json.loads(read) == {"body": FILES["comment.jira.txt"].decode()}
    assert code == 0


def test_mlflow(folder: Path, tmp_path: Path) -> None:
    """The folder is logged by its whole path, for a relative store must stay relative to where the user is."""
    calls, _, code = run(folder, tmp_path, "MLflow")

    assert calls == [
        ["mlflow", "artifacts", "log-artifacts", "--local-dir", str(folder), "--run-id", "abc", "--artifact-path", "pai-report"]
    ]
    assert code == 0


def test_an_unset_variable_stops_the_command(folder: Path, tmp_path: Path) -> None:
    """Without an issue nothing is sent anywhere."""
    calls, _, code = run(folder, tmp_path, "GitLab", PROJECT="")

    assert [call for call in calls if call != ["glab", "api", "user"]] == []
    assert code != 0


def test_sizes_are_checked() -> None:
    """Each file stands beside what the place takes: pictures 10 MB and others 25 MB on GitHub, all 10 MB in Jira."""
    files = {**FILES, "report.pdf": b"x" * (12 * MB), "original.png": b"x" * (10 * MB + 1)}

    told = sizes(GITHUB, files, ("report.pdf", "original.png", "nothing.png"))

    assert told == (
        f"comment.md {len(FILES['comment.md'])} of 65,536 characters; report.pdf 12.00 of 25 MB; "
        "original.png 10.00 of 10 MB, too large: left out"
    )
    assert fitting(GITHUB, files, ("report.pdf", "original.png")) == ("report.pdf",)
    assert fitting(JIRA, files, ("report.pdf", "original.png", "scores.png")) == ("scores.png",)


def test_what_is_too_large_is_not_sent(tmp_path: Path) -> None:
    """A file that the place would refuse is left out of the command, and the script says so."""
    script = commands({**FILES, "original.png": b"x" * (11 * MB)}, MARKER, tmp_path)

    assert "original.png 11.00 of 10 MB, too large: left out" in script
    assert "file=@original.png" not in script


def test_a_run_without_a_picture_is_posted_without_one(tmp_path: Path) -> None:
    """Without scores there is nothing to upload: the comment goes as it is."""
    files = {name: data for name, data in FILES.items() if name not in {"scores.png", "original.png"}}
    script = commands(files, MARKER, tmp_path)

    assert 'gh issue comment "${ISSUE:?}" --repo "${REPO:?}" --body-file comment.md)' in script
    assert "--attach" not in script
    assert "uploads" not in script


# What gh 2.46 and glab 1.53 know, from `gh api --help`, `gh issue comment --help` and `glab api --help` of Debian 13.
OLD_FLAGS = {
    "gh api": {"--field", "--jq", "--method", "--paginate"},
    "gh issue": {"--body-file", "--repo"},
    "glab api": {"--field", "--method", "--paginate"},
}


def test_the_tools_that_debian_ships_know_every_flag(tmp_path: Path) -> None:
    """Only the one command that says so needs a newer gh."""
    lines = commands(FILES, MARKER, tmp_path).splitlines()
    newer = {number + 1 for number, line in enumerate(lines) if "gh is 2.99 or newer" in line}
    for number, line in enumerate(lines):
        for part in re.split(r" && | \| |\$\(", "" if line.startswith("#") or number in newer else line):
            command = " ".join(part.split()[:2])
            if command in OLD_FLAGS:
                assert set(re.findall(r"(?<= )--[a-z-]+", part.split("'")[0])) <= OLD_FLAGS[command], part
    assert len(newer) == 1


def test_no_command_takes_a_comment_for_ours_that_only_contains_the_marker(tmp_path: Path) -> None:
    """Nor does the recipe in the documentation."""
    for text in (commands(FILES, MARKER, tmp_path), (PROJECT / "docs" / "tickets.md").read_text("utf-8")):
        assert "contains(" not in text
        assert "login" in text


def test_the_recipe_for_actions_uploads_the_index_with_its_reports() -> None:
    """One artifact holds the whole folder: an index alone has no link that works."""
    recipe = (PROJECT / "docs" / "batch.md").read_text("utf-8").split("```yaml", 1)[1].split("```", 1)[0]

    assert recipe.count("upload-artifact") == 1
    assert "reports/index.html" not in recipe
