"""What a training script says about its run, read from its text (requirements L2, L3)."""

import json

import pytest

from pai_report.errors import ExpectedError
from pai_report.run.config import script_config
from pai_report.run.model import ScriptFacts
from pai_report.run.script import read_script

IMPORTS = "from perforatedai import globals_perforatedai as GPA\nfrom perforatedai import utils_perforatedai as UPA\n"


def facts(source: str) -> ScriptFacts:
    """What a script with the library's usual imports says."""
    return read_script("train.py", (IMPORTS + source).encode())


def save_name(source: str) -> tuple[str | None, str]:
    """The save name and where it is from."""
    found = facts(source)
    return found.save_name, found.save_name_from


PARSER = "import argparse\nparser = argparse.ArgumentParser()\n"


@pytest.mark.parametrize(
    "source",
    [
        'model = UPA.perforate_model(model, save_name="mine")',
        'model = UPA.perforate_model(model, True, "mine")',
        'model = UPA.initialize_pai(model, save_name="mine", maximizing_score=False)',
        'model = UPA.initializePB(model, save_name="mine")',
        'from perforatedai.utils_perforatedai import perforate_model as pm\npm(model, save_name="mine")',
        'import perforatedai.utils_perforatedai as u\nu.perforate_model(model, save_name="mine")',
        'import perforatedai.utils_perforatedai\nperforatedai.utils_perforatedai.perforate_model(model, save_name="mine")',
        'from perforatedai.utils_perforatedai import *\nperforate_model(model, save_name="mine")',
        'convert = UPA.perforate_model\nconvert(model, save_name="mine")',
        'def main():\n    def build():\n        return UPA.perforate_model(Net(), save_name="mine")\n    build()',
        'NAME = "mine"\nUPA.perforate_model(model, save_name=NAME)',
        'NAME: str = "mine"\ndef main():\n    UPA.perforate_model(model, save_name=NAME)',
        'A, B = "mi", "ne"\nUPA.perforate_model(model, save_name=A + B)',
        'PART = "in"\nUPA.perforate_model(model, save_name=f"m{PART}e")',
        'class Settings:\n    name = "mine"\nUPA.perforate_model(model, save_name=Settings.name)',
        'if fast:\n    NAME = "mine"\nelse:\n    NAME = "mine"\nUPA.perforate_model(model, save_name=NAME)',
        'GPA.pc.set_save_name("mine")\nUPA.perforate_model(model)',
        'pc = GPA.pc\npc.set_save_name("mine")\nUPA.perforate_model(model)',
        'UPA.perforate_model(model, save_name="m in!e")',
        'UPA.perforate_model(a, save_name="mine")\nUPA.perforate_model(b, save_name="mine")',
        'class T:\n  def perforate_model(self):\n    self.perforate_model()\n    UPA.perforate_model(a, save_name="mine")',
    ],
)
def test_a_save_name_that_is_certain(source: str) -> None:
    """Constants are found through import aliases, names, f-strings, older entry points and the setter, and are sanitised."""
    assert save_name(source) == ("mine", "constant")


@pytest.mark.parametrize(
    "source",
    [
        "UPA.perforate_model(model)",
        'UPA.perforate_model(model, save_name="")',
        "UPA.perforate_model(model, maximizing_score=False)",
    ],
)
def test_without_a_save_name_the_library_takes_its_own(source: str) -> None:
    """The library's default is PAI."""
    assert save_name(source) == ("PAI", "default")


@pytest.mark.parametrize(
    "source",
    [
        PARSER + 'parser.add_argument("--save-name", default="mine")\nargs = parser.parse_args()\n'
        "UPA.perforate_model(model, save_name=args.save_name)",
        PARSER + 'parser.add_argument("-s", "--name", dest="save", default="mine")\nargs, _ = parser.parse_known_args()\n'
        "UPA.perforate_model(model, save_name=args.save)",
        PARSER + 'parser.add_argument("--n", default=7)\ndef main(a):\n    UPA.perforate_model(model, save_name=f"run_{a.n}")\n'
        "main(parser.parse_args())",
    ],
    ids=["flag", "dest", "f-string"],
)
def test_a_default_of_the_command_line_is_a_guess(source: str) -> None:
    """The default of an argument may be overridden when the script is started."""
    found, origin = save_name(source)

    assert found in {"mine", "run_7"}
    assert origin == "argparse-default"


@pytest.mark.parametrize(
    "source",
    [
        "UPA.perforate_model(model, save_name=name)",
        "import sys\nUPA.perforate_model(model, save_name=sys.argv[1])",
        "def build(name):\n    return UPA.perforate_model(model, save_name=name)",
        'name = "a"\nname = "b"\nUPA.perforate_model(model, save_name=name)',
        'for name in ("a", "b"):\n    UPA.perforate_model(model, save_name=name)',
        'name = "a"\nname += "b"\nUPA.perforate_model(model, save_name=name)',
        'import os\nname = os.environ.get("NAME", "a")\nUPA.perforate_model(model, save_name=name)',
        "import time\nUPA.perforate_model(model, save_name=f'run_{time.time()}')",
        "UPA.perforate_model(*everything)",
        "UPA.perforate_model(model, **settings)",
        'UPA.perforate_model(a, save_name="one")\nUPA.perforate_model(b, save_name="two")',
        'UPA.perforate_model(model, save_name="a/b")',
        'if fast:\n    GPA.pc.set_save_name("a")\nUPA.perforate_model(model)',
        PARSER + 'parser.add_argument("--name", required=True)\nargs = parser.parse_args()\n'
        "UPA.perforate_model(model, save_name=args.name)",
        PARSER + 'parser.add_argument("--name", default="a")\nargs = parser.parse_args()\nargs.name = f"{args.name}_{seed}"\n'
        "UPA.perforate_model(model, save_name=args.name)",
        "a = b\nb = a\nUPA.perforate_model(model, save_name=a)",
        'def f():\n    global name\n    name = "b"\nname = "a"\nUPA.perforate_model(model, save_name=name)',
        "try:\n    import x\nexcept ImportError as name:\n    UPA.perforate_model(model, save_name=name)",
    ],
)
def test_a_save_name_that_may_change_is_not_guessed(source: str) -> None:
    """Variables, parameters, loops, the environment and two calls that differ leave the save name unknown."""
    assert save_name(source) == (None, "variable")


@pytest.mark.parametrize("source", ["", "print('hello')", "def perforate_model(model): ...\nperforate_model(3)"])
def test_a_script_without_an_entry_point(source: str) -> None:
    """Nothing is assumed of a script that does not call the library."""
    found = facts(source)

    assert (found.entry_point, found.save_name, found.save_name_from) == ("", None, "variable")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"def broken(:\n", "train.py, line 1"),
        (b"x = 1\nprint 'old'\n", "train.py, line 2"),
        (b"\0", "train.py"),
        (b"\xff\xfe=", "train.py"),
    ],
)
def test_a_script_that_is_no_python(data: bytes, where: str) -> None:
    """A syntax error is told with file and line, without a traceback."""
    with pytest.raises(ExpectedError) as caught:
        read_script("train.py", data)

    assert caught.value.slug == "script-not-python"
    assert where in caught.value.sentence


@pytest.mark.parametrize("source", ["x = " + "(" * 500 + ")" * 500, "x = " + "+".join(["a"] * 20_000)])
def test_a_script_too_deep_to_parse(source: str) -> None:
    """Nesting beyond the parser's limits is an expected problem."""
    with pytest.raises(ExpectedError, match=r"train\.py"):
        read_script("train.py", source.encode())


def test_warnings_about_the_script_are_not_ours() -> None:
    """An invalid escape in the user's script warns nobody."""
    assert facts("pattern = '\\d'\nUPA.perforate_model(model)").save_name == "PAI"


def test_a_script_is_never_run() -> None:
    """Code at the top of the script has no effect."""
    assert facts("raise SystemExit(3)\nUPA.perforate_model(model)").save_name == "PAI"


def test_settings_and_setters() -> None:
    """Every setter called is listed as written, unknown ones included; settings hold what is certain at the end."""
    found = facts(
        "import torch.nn as nn\n"
        "PATIENCE = 15\n"
        "GPA.pc.set_n_epochs_to_switch(PATIENCE)\n"
        "GPA.pc.set_n_epochs_for_switch_history(10)\n"
        "GPA.pc.set_switch_mode(GPA.pc.DOING_FIXED_SWITCH)\n"
        "GPA.pc.set_modules_to_perforate([nn.Linear])\n"
        'GPA.pc.append_module_ids_to_track([".fc1"])\n'
        'GPA.pc.append_module_ids_to_track([".fc2"])\n'
        'GPA.pc.append_module_names_to_perforate(["LSTM"])\n'
        "if quick:\n    GPA.pc.set_max_dendrites(1)\n"
        "GPA.pai_tracker.set_optimizer(torch.optim.Adam)\n"
        "UPA.perforate_model(net, save_name='mine', maximizing_score=False)\n"
    )

    assert [name for name, _ in found.setters] == [
        "set_n_epochs_to_switch",
        "set_n_epochs_for_switch_history",
        "set_switch_mode",
        "set_modules_to_perforate",
        "append_module_ids_to_track",
        "append_module_ids_to_track",
        "append_module_names_to_perforate",
        "set_max_dendrites",
    ]
    assert [(name, value) for name, value, _ in found.settings] == [
        ("n_epochs_to_switch", "15"),
        ("n_epochs_for_switch_history", "10"),
        ("switch_mode", "2"),
        ("modules_to_perforate", "['torch.nn.Linear']"),
        ("module_ids_to_track", "['.fc1', '.fc2']"),
        ("maximizing_score", "False"),
    ]
    assert ("n_epochs_to_switch", 5) in [(name, line) for name, _, line in found.settings]


def test_a_setting_that_cannot_be_told_is_kept_as_written() -> None:
    """A value from the command line is no constant; its text is shown."""
    found = facts(PARSER + 'parser.add_argument("--n", default=3)\na = parser.parse_args()\nGPA.pc.set_max_dendrites(a.n)')

    assert [(name, value) for name, value, _ in found.settings] == [("max_dendrites", "a.n")]


def test_the_constants_of_a_script_stand_in_for_a_configuration() -> None:
    """Settings that are constants are typed as those of a configuration file; others are left out."""
    config = script_config(
        facts(
            "GPA.pc.set_improvement_threshold([0.01, 0])\nGPA.pc.set_max_dendrites(n)\nGPA.pc.set_find_best_lr(False)\n"
            "GPA.pc.set_history_lookback('many')\nUPA.perforate_model(net, maximizing_score=True)"
        )
    )

    assert config is not None
    assert (
        config.origin,
        config.value("improvement_threshold"),
        config.value("max_dendrites"),
        config.value("find_best_lr"),
        config.value("maximizing_score"),
    ) == (
        "script",
        (0.01, 0.0),
        None,
        False,
        True,
    )
    assert config.value("history_lookback") is None
    assert json.loads(dict(config.settings)["improvement_threshold"]) == [0.01, 0]


def test_a_script_without_constants_gives_no_configuration() -> None:
    """Where nothing is certain, nothing is assumed."""
    assert script_config(facts("GPA.pc.set_max_dendrites(n)\nUPA.perforate_model(net)")) is None
