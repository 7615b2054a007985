"""Train one of the sample stories with perforatedai and keep its run folder.

Setup is described in README.md beside this script. Usage:

    python train.py improved            # writes samples/improved/
    python train.py improved --out DIR  # writes DIR/improved/

The library writes its files itself; afterwards only the tables, the configuration and the main figure are
kept, unedited. Model files and the figures of the snapshots are deleted.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import torch
from perforatedai import globals_perforatedai as GPA  # noqa: N812 (the library's own short names)
from perforatedai import utils_perforatedai as UPA  # noqa: N812
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[Any]
Split = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Story:
    """Every setting of one sample run."""

    data: str = "digits"  # or "cancer" (both ship with scikit-learn), or "generated" (make_classification)
    n_train: int = 600
    n_validation: int = 598
    n_test: int = 599
    seed: int = 0
    hidden: int = 6
    learning_rate: float = 0.01
    batch_size: int = 32
    scheduler_patience: int = 4
    minimize: bool = False  # the validation score is the cross entropy instead of the accuracy
    fixed_switch: int = 0  # 0: HISTORY mode; otherwise FIXED mode with this interval
    n_epochs_to_switch: int = 10
    improvement_threshold: tuple[float, ...] = (0.001, 0.0001, 0.0)  # the library's default
    max_dendrites: int = 5
    max_dendrite_tries: int = 2
    max_epochs: int | None = None  # a wrong training loop: leaves after this many epochs


STORIES: dict[str, Story] = {
    "improved": Story(
        data="generated",
        n_train=4000,
        n_validation=2000,
        n_test=2000,
        hidden=5,
        learning_rate=0.003,
        batch_size=128,
        n_epochs_to_switch=15,
        max_dendrites=2,
    ),
    "none-tried": Story(max_epochs=12),
    "overfitting": Story(
        n_train=60,
        n_validation=868,
        n_test=869,
        hidden=24,
        max_dendrites=1,
        max_dendrite_tries=1,
    ),
    "minimizing": Story(minimize=True, max_dendrites=2, max_dendrite_tries=1),
    "rejected": Story(data="cancer", seed=1, n_train=285, n_validation=142, n_test=142, hidden=8),
    "premature": Story(fixed_switch=8, max_dendrites=1),
}


class Net(nn.Module):
    """A small multi-layer perceptron; `hidden` limits what it can learn without dendrites."""

    def __init__(self, n_features: int, hidden: int, n_classes: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(n_features, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.out(torch.relu(self.fc2(torch.relu(self.fc1(x)))))
        return logits


def load_arrays(story: Story) -> tuple[Array, Array]:
    """Return features and labels of the story's data set."""
    if story.data == "digits":
        x, y = load_digits(return_X_y=True)
        return x / 16.0, y
    if story.data == "cancer":
        x, y = load_breast_cancer(return_X_y=True)
        return x, y
    x, y = make_classification(
        n_samples=story.n_train + story.n_validation + story.n_test,
        n_features=16,
        n_informative=8,
        n_redundant=4,
        n_classes=8,
        n_clusters_per_class=2,
        class_sep=2.0,
        flip_y=0.0,
        random_state=0,
    )
    return x, y


def load_data(story: Story) -> tuple[Split, Split, Split]:
    """Return the training, validation and test split; the splits do not depend on the story's seed."""
    x, y = load_arrays(story)
    x_train, x_rest, y_train, y_rest = train_test_split(
        x,
        y,
        train_size=story.n_train,
        random_state=0,
        stratify=y,
    )
    x_val, x_test, y_val, y_test = train_test_split(
        x_rest,
        y_rest,
        train_size=story.n_validation,
        test_size=story.n_test,
        random_state=0,
        stratify=y_rest,
    )
    if story.data == "cancer":  # measurements on very different scales
        scaler = StandardScaler().fit(x_train)
        x_train, x_val, x_test = (scaler.transform(part) for part in (x_train, x_val, x_test))
    train, validation, test = (
        (torch.tensor(features, dtype=torch.float32), torch.tensor(labels))
        for features, labels in ((x_train, y_train), (x_val, y_val), (x_test, y_test))
    )
    return train, validation, test


def configure(story: Story) -> None:
    """Hand the story's settings to the library."""
    pc = GPA.pc
    pc.set_configuration_confirmed(True)
    pc.set_unwrapped_modules_confirmed(True)
    pc.set_weight_decay_accepted(True)
    pc.set_testing_dendrite_capacity(False)
    pc.set_modules_to_perforate([nn.Linear])
    pc.set_device("cpu")
    pc.set_use_cuda(False)
    pc.set_verbose(False)
    pc.set_max_dendrites(story.max_dendrites)
    pc.set_max_dendrite_tries(story.max_dendrite_tries)
    pc.set_n_epochs_to_switch(story.n_epochs_to_switch)
    pc.set_improvement_threshold(list(story.improvement_threshold))
    if story.fixed_switch:
        pc.set_switch_mode(pc.DOING_FIXED_SWITCH)
        pc.set_fixed_switch_num(story.fixed_switch)
        pc.set_first_fixed_switch_num(story.fixed_switch)
    else:
        pc.set_switch_mode(pc.DOING_HISTORY)


def make_optimizer(story: Story, model: nn.Module) -> torch.optim.Optimizer:
    """Set up optimizer and scheduler; needed again after every change of the network."""
    GPA.pai_tracker.set_optimizer(torch.optim.Adam)
    GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)
    optimizer: torch.optim.Optimizer
    optimizer, _scheduler = GPA.pai_tracker.setup_optimizer(
        model,
        {"params": model.parameters(), "lr": story.learning_rate},
        {"mode": "min" if story.minimize else "max", "patience": story.scheduler_patience},
    )
    return optimizer


def make_scorer(story: Story) -> Callable[[nn.Module, Split], float]:
    """Return the score of the story: accuracy in percent, or the cross entropy."""
    cross_entropy = nn.CrossEntropyLoss()

    def score(model: nn.Module, split: Split) -> float:
        features, labels = split
        with torch.no_grad():
            logits: Tensor = model(features)
        if story.minimize:
            return float(cross_entropy(logits, labels).item())
        return float((logits.argmax(1) == labels).double().mean().item()) * 100

    return score


def train_epoch(story: Story, model: nn.Module, optimizer: torch.optim.Optimizer, split: Split) -> None:
    """Run one epoch of mini-batch training."""
    features, labels = split
    cross_entropy = nn.CrossEntropyLoss()
    model.train()
    order = torch.randperm(len(features))
    for start in range(0, len(order), story.batch_size):
        batch = order[start : start + story.batch_size]
        optimizer.zero_grad()
        cross_entropy(model(features[batch]), labels[batch]).backward()
        optimizer.step()
    model.eval()


def run(story: Story, save_name: str) -> None:
    """Train one story in the working directory until the library, or `max_epochs`, ends it."""
    random.seed(story.seed)
    np.random.seed(story.seed)
    torch.manual_seed(story.seed)
    torch.set_num_threads(1)
    mpl.rcParams["savefig.dpi"] = 60  # keeps the library's figure small
    train, validation, test = load_data(story)
    configure(story)
    net = Net(train[0].shape[1], story.hidden, int(train[1].max()) + 1)
    model = UPA.perforate_model(net, save_name=save_name, maximizing_score=not story.minimize)
    optimizer = make_optimizer(story, model)
    score = make_scorer(story)
    epoch = 0
    while story.max_epochs is None or epoch < story.max_epochs:
        epoch += 1
        train_epoch(story, model, optimizer, train)
        GPA.pai_tracker.add_extra_score(score(model, train), "Train")
        GPA.pai_tracker.add_test_score(score(model, test), "Test")
        model, restructured, complete = GPA.pai_tracker.add_validation_score(score(model, validation), model)
        if complete:
            break
        if restructured:
            optimizer = make_optimizer(story, model)


def clean(folder: Path) -> None:
    """Delete everything but the tables, the configuration and the main figure."""
    keep = {f"{folder.name}.png", f"{folder.name}_config.json"}
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != ".csv" and path.name not in keep:
            path.unlink()


def main() -> None:
    """Read the command line, train, clean up."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("story", choices=STORIES)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="default: beside this script")
    args = parser.parse_args()
    folder: Path = args.out.resolve() / args.story
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)  # snapshots of an earlier run would otherwise stay among the new ones
    os.chdir(folder.parent)
    run(STORIES[args.story], args.story)
    clean(folder)


if __name__ == "__main__":
    main()
