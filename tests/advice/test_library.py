"""The names that the released versions have, as their wheels show them, in the lines that a report prints."""

import pytest

from pai_report.library import dimensions, setter

OLD, NEW = "set_this_input_dimensions", "set_this_output_dimensions"
RELEASED = {"2.0.4": OLD, "3.0.1": OLD, "3.0.3": OLD, "3.0.4": NEW, "3.0.5": NEW, "3.0.7": NEW, "3.2.9": NEW}
"""The method of `PAINeuronModule` in each wheel; `set_(debugging_)input_dimensions` changed with it."""


@pytest.mark.parametrize(("version", "method"), RELEASED.items())
def test_the_layout_setter_is_the_one_of_the_version(version: str, method: str) -> None:
    """A run of one version is told the method that this version has, and no other name."""
    assert dimensions((version, version), "[-1, 0]") == f"module.{method}([-1, 0])"


@pytest.mark.parametrize("name", ["output_dimensions", "debugging_output_dimensions"])
@pytest.mark.parametrize(("version", "way"), [("3.0.3", "input"), ("3.0.4", "output")])
def test_the_settings_changed_with_the_method(name: str, version: str, way: str) -> None:
    """3.0.3 has `set_input_dimensions` and `set_debugging_input_dimensions`, 3.0.4 neither."""
    assert setter((version, version), name, "1") == f"GPA.pc.set_{name.replace('output', way)}(1)"


def test_a_range_across_the_change_gets_both_names() -> None:
    """3.0.1 to 3.0.4: the name of the newest possible version, and the one it had before, labelled by version."""
    line = dimensions(("3.0.1", "3.0.4"), "[-1, 0]")
    assert line == "module.set_this_output_dimensions([-1, 0])  # before 3.0.4: set_this_input_dimensions"
