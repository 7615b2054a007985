"""report.json: the fields the contract names, unrounded numbers, null instead of NaN."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from advice_cases import improved_run, with_gain
from conftest import PROJECT, SAMPLES

from pai_report.advice import judge
from pai_report.analysis.analyse import analyse
from pai_report.analysis.model import Analysis
from pai_report.report.contract import report_json, schema
from pai_report.run.read import read_run
from pai_report.settings import Settings


def _told(analysis: Analysis) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(report_json(analysis, judge(analysis, Settings())), parse_constant=_refuse)
    return held


def _refuse(constant: str) -> float:
    raise AssertionError(constant)


def test_run_and_scores_have_the_fields_of_the_contract() -> None:
    """Every field that other programs rely on stands where the contract says."""
    told = _told(improved_run())
    assert told["schema_version"] == 3
    assert told["run"] == {
        "save_name": "runX",
        "direction": "maximize",
        "mode": "gd",
        "finished": True,
        "dendrites_kept": 2,
        "last_set_proven": True,
        "dendrites_tried": 2,
        "attempts": 2,
        "epochs_recorded": 60,
        "epochs_trained": 90,
    }
    assert told["scores"] == {"baseline": 80.0, "best": 85.0, "gain": 5.0, "gain_class": "real", "change": 5.0}
    assert told["verdict"]["code"] == "improved"


def test_undecided_direction_has_no_scores() -> None:
    """Without a direction baseline, best, gain and class are null."""
    run = improved_run()
    told = _told(replace(run, identity=replace(run.identity, direction="undecided")))
    assert set(told["scores"].values()) == {None}


def test_findings_and_checks() -> None:
    """A finding has code, severity, confidence, title, evidence with its place, and steps; checks are sorted codes."""
    told = _told(with_gain(improved_run(), 0.4, "within-noise"))
    finding = next(held for held in told["findings"] if held["code"] == "PAI061")
    assert (finding["severity"], finding["confidence"]) == ("high", "high")
    assert set(finding["evidence"][0]) == {"label", "value", "file", "column", "epochs"}
    assert set(finding["steps"][0]) == {"setting", "old", "new", "code", "text"}
    for codes in told["checks"].values():
        assert sorted(codes) == codes
    assert "PAI061" in told["checks"]["fired"]


def test_numbers_are_unrounded() -> None:
    """A third of a point is told with all its digits."""
    told = _told(with_gain(improved_run(), 1 / 3, "within-noise"))
    assert told["scores"]["gain"] == 1 / 3


def test_not_a_number_is_null() -> None:
    """A value that is no number never reaches the file as NaN."""
    run = improved_run()
    told = _told(replace(run, gains=replace(run.gains, initial=math.nan)))
    assert told["analysis"]["gains"]["initial"] is None


def test_schema_is_published(holds: Callable[[Path, str], None]) -> None:
    """The package holds the schema of the values as they are."""
    holds(PROJECT / "pai_report" / "report" / "report.schema.json", schema().decode())


def test_descriptions_in_the_schema_are_not_indented() -> None:
    """They are docstrings, which Python keeps indented before 3.13 and not from then on: the schema is the same on each."""
    descriptions = re.findall(r'"description": ("(?:[^"\\\\]|\\\\.)*")', schema().decode())

    assert descriptions
    assert [text for text in map(json.loads, descriptions) if re.search(r"^\s+\S", text.partition("\n")[2], re.MULTILINE)] == []


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_reports_fit_the_schema(sample: str) -> None:
    """The report.json of every sample is valid under the published schema."""
    analysis = analyse(read_run(SAMPLES / sample), Settings())
    jsonschema.validate(_told(analysis), json.loads(schema()))


@pytest.mark.parametrize(
    ("key", "wrong"), [("run", None), ("scores", {"baseline": "high"}), ("schema_version", "2"), ("findings", [{}])]
)
def test_schema_refuses_what_is_none(key: str, wrong: Any) -> None:
    """A part of another type does not fit the schema."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**_told(improved_run()), key: wrong}, json.loads(schema()))
