"""Two metrics are not one because their numbers have the same size: names are read first, then scales."""

from dataclasses import replace
from pathlib import Path

import pytest
from analysis_builders import free, measure, network, phase, structure, track
from conftest import run_folders

from pai_report.analysis.analyse import analyse
from pai_report.analysis.columns import sense
from pai_report.analysis.direction_check import wrong_direction
from pai_report.analysis.model import Scores
from pai_report.analysis.scale import mismatch
from pai_report.run.read import read_run
from pai_report.settings import Settings

LEARNED = (0.16, 0.42, 0.54, 0.71, 0.76, 0.77, 0.80, 0.82, 0.82, 0.85, 0.86, 0.88)  # an accuracy
LOSS = (2.16, 1.83, 1.44, 1.10, 0.87, 0.73, 0.66, 0.62, 0.57, 0.53, 0.49, 0.47)
OVERFIT = tuple(0.30 + 0.002 * epoch**2 for epoch in range(12))  # a validation loss that turns up at once


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Train Loss", "lower"),
        ("trainLoss", "lower"),
        ("train_mae", "lower"),
        ("Train RMSE", "lower"),
        ("Train Acc", "higher"),
        ("trainAccuracy", "higher"),
        ("val_f1", "higher"),
        ("train-AUC", "higher"),
        ("mAP50 train", "higher"),
        ("Train", None),
        ("Training score", None),
        ("Train acc and loss", None),
        ("Train blossom", None),
        ("", None),
    ],
)
def test_a_name_tells_which_way_is_better(name: str, expected: str | None) -> None:
    """Whole words count, in snake, kebab and camel case; a name that holds both, or neither, tells nothing."""
    assert sense(name) == expected


def judged(validation: Scores, train: Scores, name: str, sign: int) -> str | None:
    """The direction check on a first phase whose best row is the extreme of the declared direction."""
    best = max(validation, key=lambda score: sign * (score or 0.0))
    base = phase(validation, best=best, best_epoch=validation.index(best), last=len(validation) - 1, train=train)
    whole = structure((base,), free(sign=sign), track=track(validation, extras=((name, "train", train),)))
    return wrong_direction(replace(whole, architectures=(network(best, 0, 0),)), free(sign=sign))


@pytest.mark.parametrize(
    ("validation", "train", "name", "sign", "expected"),
    [
        (LEARNED, LOSS, "Train Loss", -1, "wrong"),  # an accuracy, minimised, beside a loss that falls as it should
        (LOSS, LEARNED, "Train Acc", 1, "wrong"),  # a loss, maximised by default, beside an accuracy
        (LEARNED, LEARNED, "Train Acc", -1, "wrong"),  # the same metric by name and value
        (LEARNED, tuple(100 * (held or 0) for held in LEARNED), "Train Acc", -1, "wrong"),  # the same in percent
        (OVERFIT, tuple(0.31 - 0.02 * epoch for epoch in range(12)), "Train Loss", -1, None),  # overfitting, same metric
        (OVERFIT, tuple(0.9 - 0.05 * epoch for epoch in range(12)), "Train Loss", -1, "hint"),  # may be a weighted loss
        (LEARNED, LOSS[::-1], "Train Loss", -1, None),  # training diverged: nothing was learned
        (LEARNED[::-1], LOSS, "Train Loss", -1, None),  # validation falls: rightly minimised
    ],
)
def test_the_direction_check_reads_the_name_first(
    validation: Scores, train: Scores, name: str, sign: int, expected: str | None
) -> None:
    """A training loss of about the size of an accuracy does not hide that the accuracy was minimised."""
    assert judged(validation, train, name, sign) == expected


def test_a_train_loss_is_no_train_accuracy_whatever_its_size() -> None:
    """Both start at 0.5 and rise; only the name tells them apart."""
    rising = tuple(0.5 + 0.02 * epoch for epoch in range(8))
    assert mismatch("Train Loss", rising, rising, 8, measure()) == "train-looks-like-a-loss"
    assert mismatch("Train Acc", rising, rising, 8, measure()) is None


@pytest.mark.parametrize(
    "folder", [path for path in run_folders() if not path.name.startswith(("wrongdir", "gnn"))], ids=lambda path: path.name
)
def test_no_other_run_is_called_the_wrong_way_round(folder: Path) -> None:
    """No false alarm, not even a hint."""
    analysis = analyse(read_run(folder), Settings())
    assert (analysis.wrong_direction, analysis.wrong_direction_hint) == (False, False)
