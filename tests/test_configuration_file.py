"""The project's own choices: where they are found, what they change, what is said about mistakes and in the report."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from advice_cases import generalization, improved_run
from conftest import SAMPLES

from pai_report import cli
from pai_report.advice import judge
from pai_report.advice.catalogue import CATALOGUE
from pai_report.advice.rule import Rule
from pai_report.analysis.analyse import analyse
from pai_report.configuration import configured
from pai_report.errors import ExpectedError
from pai_report.limits import Limits
from pai_report.report.text import plain_text
from pai_report.run.read import read_run
from pai_report.settings import Known, Settings


def settings(folder: Path, text: str, name: str = "pai-report.toml") -> Settings:
    """What a configuration file with `text` chooses."""
    (folder / name).write_text(text, "utf-8")
    return configured(folder)


def test_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    """No file, no choice."""
    assert configured(tmp_path) == Settings()


def test_every_key(tmp_path: Path) -> None:
    """Direction, original parameters, limits, rules off and known findings are read; hyphens are as good as underscores."""
    text = """
    direction = "minimize"
    original-params = 1_200_000
    off = ["pai604", "PAI202"]
    [limits]
    gap-notice = 4
    samples_needed = 8
    [[known]]
    run = "resnet-*"
    code = "PAI061"
    until = 2027-01-31
    reason = "small validation set"
    """
    assert settings(tmp_path, text) == Settings(
        direction="minimize",
        original_params=1_200_000,
        off=("PAI202", "PAI604"),
        limits=Limits(gap_notice=4.0, samples_needed=8),
        known=(Known(run="resnet-*", code="PAI061", until=date(2027, 1, 31), reason="small validation set"),),
        file="pai-report.toml",
    )


def test_nearest_file_upwards_counts(tmp_path: Path) -> None:
    """A folder below finds the file above, unless it has one of its own; a pyproject.toml counts only with our table."""
    inner = tmp_path / "project" / "runs"
    inner.mkdir(parents=True)
    (tmp_path / "pai-report.toml").write_text('off = ["PAI604"]', "utf-8")
    (inner / "pyproject.toml").write_text("[tool.other]\nx = 1\n", "utf-8")
    assert configured(inner).off == ("PAI604",)

    (inner.parent / "pyproject.toml").write_text('[tool.pai-report]\noff = ["PAI202"]\n', "utf-8")
    assert (configured(inner).off, configured(inner).file) == (("PAI202",), "pyproject.toml")


def test_broken_pyproject_of_others_is_not_ours(tmp_path: Path) -> None:
    """A pyproject.toml that no tool can read is left to the tools that need it."""
    assert settings(tmp_path, "[[[", "pyproject.toml") == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[[", "it cannot be read: "),
        ("gap_notice = 4", "gap_notice is not known"),
        ("[limits]\ngap_notise = 4", "limits.gap_notise is not known"),
        ('[limits]\ngap_notice = "4"', "limits.gap_notice is '4', expected a number above 0 (points)"),
        ("[limits]\ngap_notice = nan", "limits.gap_notice is nan, expected a number above 0 (points)"),
        ("[limits]\ngap_notice = true", "limits.gap_notice is True, expected a number above 0 (points)"),
        ("[limits]\nreal_level = 2", "limits.real_level is 2, expected a number between 0 and 1 (probability)"),
        ("[limits]\nearly_epochs = 2.5", "limits.early_epochs is 2.5, expected a whole number of epochs, at least 1"),
        ("[limits]\ngap_notice = 12", "limits.gap_notice (12) is above limits.gap_overfitting (10)"),
        ("limits = 3", "limits must be a table"),
        ('off = "PAI604"', "off must be a list of codes"),
        ('off = ["PAI999"]', "off names 'PAI999', which is the code of no rule"),
        ('direction = "up"', "direction is 'up', expected one of maximize, minimize"),
        ("original_params = 0", "original_params is 0, expected a whole number of parameters"),
        ("known = 1", "known must be tables"),
        ('[[known]]\ncode = "PAI061"', "known.until is None, expected a date"),
        ("[[known]]\nuntil = 2027-01-31", "known.code names None, which is the code of no rule"),
    ],
)
def test_mistakes_are_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    """Each mistake names the file, the key, what was found and what was expected."""
    with pytest.raises(ExpectedError) as caught:
        settings(tmp_path, text)
    assert caught.value.sentence.startswith(f"pai-report.toml: {said}")
    assert caught.value.hint


def test_near_names_are_proposed(tmp_path: Path) -> None:
    """A slip of the pen is answered with the name that was meant."""
    with pytest.raises(ExpectedError) as caught:
        settings(tmp_path, "[limits]\ngap_notise = 4")
    assert caught.value.hint == "Did you mean limits.gap_notice?"


def test_a_lower_limit_fires_and_is_named_as_changed() -> None:
    """The line about the limit names the file for the value that was changed, and the source of the other."""
    changed = Settings(limits=Limits(gap_overfitting=6.0), file="pai-report.toml")
    run = replace(improved_run(), generalization=replace(generalization(6.7), level="overfitting"))
    found = next(held for held in judge(run, changed).findings if held.code == "PAI801")

    assert found.limit is not None
    assert plain_text(found.limit) == (
        "rule: above 5.00 points a notice, above 6.00 points overfitting (requirements A16 and set in pai-report.toml)"
    )


def test_a_limit_reaches_the_analysis() -> None:
    """The sample's gap of more than 10 points is overfitting by default and no more than a notice under a limit of 90."""
    run = read_run(SAMPLES / "overfitting")
    levels = [
        held.level
        for held in (
            analyse(run, Settings()).generalization,
            analyse(run, Settings(limits=Limits(gap_overfitting=90.0))).generalization,
        )
        if held is not None
    ]
    assert levels == ["overfitting", "notice"]


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_every_rule_can_be_switched_off(rule: Rule) -> None:
    """A rule that is off is in no other list of checks, and every other rule is still judged."""
    analysis = analyse(read_run(SAMPLES / "overfitting"), Settings())
    checks = judge(analysis, Settings(off=(rule.code,))).checks
    judged = ([held.code for held in checks.clear], [held.code for held in checks.not_applicable])
    counted = [*checks.fired, *judged[0], *judged[1]]

    assert [held.code for held in checks.off] == [rule.code]
    assert sorted([*counted, rule.code]) == [held.code for held in CATALOGUE]


def test_the_report_says_what_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The appendix names the rule that is off and the limit that differs, with its default and the file."""
    (tmp_path / "pai-report.toml").write_text('off = ["PAI801"]\n[limits]\ngap_notice = 4\n', "utf-8")
    monkeypatch.chdir(tmp_path)

    assert cli.main([str(SAMPLES / "overfitting"), "-o", "-", "--format", "md"]) == cli.WRITTEN
    told = capsys.readouterr().out.replace("\xa0", " ")

    assert "1 switched off: gap-to-training PAI801." in told
    assert "gap notice 4 points (set in pai-report.toml, default 5)" in told


def test_flags_win_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A direction given on the command line beats the one of the file."""
    (tmp_path / "pai-report.toml").write_text('direction = "minimize"\n', "utf-8")
    monkeypatch.chdir(tmp_path)

    for flags, told in (([], '"minimize"'), (["--maximize"], '"maximize"')):
        cli.main([str(SAMPLES / "improved"), "-o", "-", "--format", "json", *flags])
        assert f'"direction": {told}' in capsys.readouterr().out


def test_bad_configuration_ends_with_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command line prints the sentence and the hint, and exits with 2."""
    (tmp_path / "pai-report.toml").write_text("nonsense = 1\n", "utf-8")
    monkeypatch.chdir(tmp_path)

    assert cli.main([str(SAMPLES / "improved")]) == cli.FAILED
    assert capsys.readouterr().err.startswith("pai-report: pai-report.toml: nonsense is not known.\nKnown are: direction")
