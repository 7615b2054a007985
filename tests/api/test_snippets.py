"""The code that reports print, executed against the real library: nothing raises, nothing is ignored, every value arrives.

Needs torch and perforatedai, which the project itself does not; `make check-api` brings them in an environment of its own.
"""

import ast
import math
import warnings
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch: Any = pytest.importorskip("torch", reason="torch is not installed; make check-api brings it")
    GPA: Any = pytest.importorskip(
        "perforatedai.globals_perforatedai", reason="perforatedai is not installed; make check-api brings it"
    )
    UPA: Any = pytest.importorskip("perforatedai.utils_perforatedai")

from snippets import snippets

from pai_report.advice.model import Step
from pai_report.advice.rates import RATE, SCHEDULER
from pai_report.library import training_loop

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
nn: Any = torch.nn
IGNORED = "does not exist"  # "Variable 'x' does not exist.  Ignoring set attempt."
PLACEHOLDER = "...  # train one epoch, compute val_score"
LONGEST_LOOP = 200  # epochs
SCHEDULERS = {"patience": "ReduceLROnPlateau", "step_size": "StepLR", "T_max": "CosineAnnealingLR", "gamma": "ExponentialLR"}


class Net(nn.Module):  # type: ignore[misc]
    """A network small enough to be perforated in no time."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(8, 6)
        self.fc2 = nn.Linear(6, 2)

    def forward(self, x: Any) -> Any:
        """Scores of two classes."""
        return self.fc2(torch.relu(self.fc1(x)))


@pytest.fixture(autouse=True)
def _fresh_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The library's configuration as it is on import, in a folder of its own, without questions to the terminal."""
    monkeypatch.chdir(tmp_path)
    before = {name: copy(held) for name, held in vars(GPA.pc).items() if not callable(held)}
    for name in ("configuration_confirmed", "unwrapped_modules_confirmed", "weight_decay_accepted"):
        getattr(GPA.pc, f"set_{name}")(True)
    GPA.pc.set_testing_dendrite_capacity(False)
    GPA.pc.set_device("cpu")
    GPA.pc.set_use_cuda(False)
    GPA.pc.set_verbose(False)
    GPA.pc.set_modules_to_perforate([nn.Linear])
    torch.manual_seed(0)
    yield
    vars(GPA.pc).update(before)


def _namespace(*, perforated: bool, minimizing: bool = False) -> dict[str, Any]:
    """The names that a training script has where the snippet goes."""
    space: dict[str, Any] = {
        "GPA": GPA,
        "UPA": UPA,
        "torch": torch,
        "nn": nn,
        "math": math,
        "device": "cpu",
        "lr": 0.01,
        "epoch": 3,
        "features": 6,
        "restructured": True,
        "self": SimpleNamespace(),
        "x": torch.ones(2, 6),
        "val_score": 80.0,
        "train_score": 90.0,
        "test_score": 81.0,
        "schedArgs": {"mode": "max", "patience": 4},
    }
    model = Net()
    space["model"] = model
    if perforated:
        model = UPA.perforate_model(model, save_name="snippet", maximizing_score=not minimizing, making_graphs=False)
        space |= {"model": model, "module": model.fc1, "build": _build}
        space["optimizer"], space["scheduler"] = _build(model)
        model(torch.ones(2, 8)).sum().backward()
    return space


def _build(model: Any, scheduler: str = "ReduceLROnPlateau", arguments: dict[str, Any] | None = None) -> Any:
    GPA.pai_tracker.set_optimizer(torch.optim.Adam)
    GPA.pai_tracker.set_scheduler(getattr(torch.optim.lr_scheduler, scheduler))
    given = arguments or {"mode": "max", "patience": 4}
    return GPA.pai_tracker.setup_optimizer(model, {"params": model.parameters(), "lr": 0.01}, given)


def _run(code: str, space: dict[str, Any]) -> None:
    exec(compile(code, "snippet", "exec"), space)  # noqa: S102 - our own code is what is tested here


@pytest.mark.parametrize("step", snippets(), ids=lambda step: (step.code or "").splitlines()[0][:70])
def test_snippet_does_what_it_says(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    """The code runs as it stands, the library ignores none of it, and a setting has its new value afterwards."""
    code = step.code or ""
    _begin_with_old_value(step)
    space = _namespace(perforated="UPA.perforate_model(" not in code)
    wanted = None if step.setting is None else eval(step.new or "", space)  # noqa: S307 - our own code
    _run(code, space)
    _assert_scheduler_takes(space)
    told = capsys.readouterr().out
    assert IGNORED not in told
    if step.setting is not None:
        _assert_set(step, space, wanted)


def _begin_with_old_value(step: Step) -> None:
    if step.setting in (None, RATE, SCHEDULER) or step.old is None:
        return
    with suppress(ValueError, SyntaxError):
        getattr(GPA.pc, f"set_{step.setting}")(ast.literal_eval(step.old))


def _assert_set(step: Step, space: dict[str, Any], wanted: Any) -> None:
    held = space[step.setting] if step.setting in {RATE, SCHEDULER} else vars(GPA.pc)[f"_{step.setting}"]
    if ".append_" in (step.code or ""):
        assert set(wanted) <= set(held)
    else:
        assert wanted == held


def _assert_scheduler_takes(space: dict[str, Any]) -> None:
    """A snippet that only names scheduler arguments is tried on the scheduler that has them."""
    arguments = space["schedArgs"]
    name = next(name for argument, name in SCHEDULERS.items() if argument in arguments)
    if "build" in space:
        _build(space["model"], name, arguments)


def test_a_scheduler_brings_its_arguments() -> None:
    """A snippet that names another scheduler works in a script whose own one anneals over ten epochs (`T_max`)."""
    codes = {step.code or "" for step in snippets() if "set_scheduler(" in (step.code or "")}
    assert codes
    for code in codes:
        space = _namespace(perforated=True)
        space["schedArgs"] = {"T_max": 10}
        _run(code, space)
        given = {"params": space["model"].parameters(), "lr": 0.01}
        _optimizer, scheduler = GPA.pai_tracker.setup_optimizer(space["model"], given, space["schedArgs"])
        assert scheduler.mode == space["schedArgs"]["mode"]


@pytest.mark.parametrize("minimizing", [False, True], ids=("maximize", "minimize"))
@pytest.mark.parametrize("mode", ["DOING_HISTORY", "DOING_FIXED_SWITCH"])
def test_training_loop_adds_a_set_and_ends_by_itself(
    *, mode: str, minimizing: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The loop goes on after the network was restructured, in both directions and modes, until the library ends it."""
    for name, value in {
        "switch_mode": getattr(GPA.pc, mode),
        "n_epochs_to_switch": 6,
        "fixed_switch_num": 6,
        "first_fixed_switch_num": 6,
        "max_dendrites": 1,
    }.items():
        getattr(GPA.pc, f"set_{name}")(value)
    space = _namespace(perforated=True, minimizing=minimizing)
    space["train"] = lambda: _train(space, minimizing=minimizing)
    loop = training_loop(minimizing=minimizing, patience=4)
    assert PLACEHOLDER in loop
    _run(loop.replace(PLACEHOLDER, "val_score = train()"), space)
    assert space["training_complete"]
    assert GPA.pai_tracker.member_vars["num_dendrites_added"] == 1
    assert IGNORED not in capsys.readouterr().out


def _train(space: dict[str, Any], *, minimizing: bool) -> float:
    """One real step of training, and a score that one dendrite set improves by an eighth."""
    assert space["epoch"] < LONGEST_LOOP, "the library did not end the training"
    space["optimizer"].zero_grad()
    space["model"](torch.randn(16, 8)).square().mean().backward()
    space["optimizer"].step()
    better = GPA.pai_tracker.member_vars["num_dendrites_added"] > 0
    if minimizing:
        return 0.35 if better else 0.40
    return 90.0 if better else 80.0


def test_the_guard_sees_an_ignored_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """A setter that the library does not have is told on standard output: what the tests above look for exists."""
    GPA.pc.set_n_epochs_for_switch_history(10)
    assert IGNORED in capsys.readouterr().out
