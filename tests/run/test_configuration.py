"""The library's configuration file: typed settings, odd values, and where older versions put it."""

import json
from pathlib import Path

import msgspec
import pytest
from run_files import noted, write_run

from pai_report.run import read_run
from pai_report.run.model import Config, Run


def configured(folder: Path, content: str | bytes) -> Run:
    """A run with that configuration file."""
    return read_run(write_run(folder / "run", files={"_config.json": content}))


def settings(folder: Path, **values: object) -> Config:
    """The configuration of a run with those settings."""
    config = configured(folder, json.dumps(values)).config
    assert config is not None
    return config


@pytest.mark.parametrize(
    ("given", "read"), [(0.02, (0.02,)), ([0.02, 0], (0.02, 0.0)), ([], None), ("high", None), (True, None)]
)
def test_the_threshold_is_a_number_or_a_list(tmp_path: Path, given: object, read: tuple[float, ...] | None) -> None:
    """The library takes both forms (executed with 3.2.9); anything else is not used."""
    assert read == settings(tmp_path, improvement_threshold=given).value("improvement_threshold")


def test_integers_may_be_written_as_floats(tmp_path: Path) -> None:
    """A tool that rewrites the file may turn 10 into 10.0."""
    assert settings(tmp_path, n_epochs_to_switch=10.0).value("n_epochs_to_switch") == 10


@pytest.mark.parametrize("odd", ["ten", [1], {"a": 1}, 1.5, True, 10**400])
def test_an_odd_value_is_noted_and_not_used(tmp_path: Path, odd: object) -> None:
    """What the library would never write is kept as text only."""
    run = configured(tmp_path, json.dumps({"max_dendrites": odd, "save_name": "run"}))

    assert run.config is not None
    assert run.config.value("max_dendrites") is None
    assert json.loads(dict(run.config.settings)["max_dendrites"]) == odd
    assert [note.file for note in noted(run, "odd-setting")] == ["run_config.json"]


@pytest.mark.parametrize("broken", ["", "{", "[1, 2]", "null", "[" * 100_000, b"\xff\xfe\x00", '{"a": ' + "9" * 5000 + "}"])
def test_a_broken_configuration_is_noted(tmp_path: Path, broken: str | bytes) -> None:
    """A file that is no JSON object costs the settings, not the report."""
    run = configured(tmp_path, broken)

    assert run.config is None
    assert [note.file for note in noted(run, "broken-config")] == ["run_config.json"]


def test_every_key_is_kept_as_json_text(tmp_path: Path) -> None:
    """Keys that no field is for are kept in the order of the file, text that is no Unicode replaced."""
    run = configured(tmp_path, '{"save_name": "run", "d_type": "torch.float32", "note": "\\ud800", "\\ud800": 1}')

    assert run.config is not None
    assert list(run.config.settings) == [
        ("save_name", '"run"'),
        ("d_type", '"torch.float32"'),
        ("note", '"\\ud800"'),
        ("?", "1"),
    ]
    assert msgspec.json.encode(run.config)


@pytest.mark.parametrize("place", ["run/PAI_config.json", "PAI/PAI_config.json"])
def test_older_versions_put_it_under_another_name(tmp_path: Path, place: str) -> None:
    """Versions 3.1.4 to 3.2.0 write PAI/PAI_config.json whatever the save name, and the save name into it."""
    folder = write_run(tmp_path / "run", "mine")
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text(json.dumps({"save_name": "mine", "max_dendrites": 3}))
    run = read_run(folder)

    assert run.config is not None
    assert (run.config.value("max_dendrites"), run.config.value("maximizing_score")) == (3, None)
    assert noted(run, "config-elsewhere")
    assert run.config.file in {source.name for source in run.sources}


@pytest.mark.parametrize("place", ["run/PAI_config.json", "PAI/PAI_config.json"])
def test_the_configuration_of_another_run_is_not_taken(tmp_path: Path, place: str) -> None:
    """A PAI_config.json that names another save name is some other run's."""
    folder = write_run(tmp_path / "run", "mine")
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text(json.dumps({"save_name": "other", "max_dendrites": 3}))
    run = read_run(folder)

    assert run.config is None
    assert noted(run, "other-config")
