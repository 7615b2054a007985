"""Templates of the user's own are code: whatever one asks for ends in one sentence, and in bounded time and memory."""

from pathlib import Path

import pytest
from conftest import SAMPLES

from pai_report.cli import main
from pai_report.report import sandbox

HOSTILE = {
    "endless": "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
    "long-range": "{% for a in range(10**9) %}x{% endfor %}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "text-times": "{{ 'a' * 10000000000 }}",
    "doubling": "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "padding": "{{ 'a'.center(100000000000) }}",
    "padding-while-compiled": "{{ 'a' | center(3000000000) }}",
    "format-while-compiled": "{{ '%3000000000d' % 1 }}",
    "loops-while-compiled": "{{ " + "(" * 100_000 + " }}",
    "recursive-macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "recursive-include": "{% include 'report.md.j2' %}",
    "attribute": "{{ ''.__class__.__mro__ }}",
    "globals": "{{ document.__init__.__globals__ }}",
    "outside": "{% include '../secret.txt' %}",
    "absolute": "{% include '/etc/passwd' %}",
    "change": "{{ contents.append(1) }}",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_ends_in_one_sentence(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a sentence that names the template, nothing written."""
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    (tmp_path / "secret.txt").write_text("a secret")
    own = tmp_path / "own"
    own.mkdir()
    (own / "report.md.j2").write_text(source)
    code = main([str(SAMPLES / "improved"), "-o", str(tmp_path / "r.md"), "--templates", str(own)])

    assert code == 2
    error = capsys.readouterr().err
    assert error.startswith("pai-report: A template of your own is wrong: ")
    assert "a secret" not in error
    assert not (tmp_path / "r.md").exists()


def test_a_link_that_leaves_the_folder_is_no_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither its content nor its first line is shown."""
    (tmp_path / "secret.txt").write_text("a secret")
    own = tmp_path / "own"
    own.mkdir()
    (own / "report.md.j2").symlink_to(tmp_path / "secret.txt")
    code = main([str(SAMPLES / "improved"), "-o", str(tmp_path / "r.md"), "--templates", str(own)])

    assert code == 2
    assert "report.md.j2 is a link that leaves the folder of templates" in capsys.readouterr().err
    assert not (tmp_path / "r.md").exists()
