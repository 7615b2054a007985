"""Train a small network on scikit-learn's digits with perforatedai: where the digits runs of this folder come from.

Setup as for the samples (samples/README.md). Usage:

    python train_digits.py --save-name PAI --train-score --test-score        # digits-329-two-kept
    python train_digits.py --save-name fixed20 --mode fixed --fixed 8 --max-dendrites 3 --train-score
    python train_digits.py --save-name minimize --minimize --max-dendrites 2 --train-score --test-score
    python train_digits.py --save-name early_exit --max-epochs 12
    python train_digits.py --save-name overfit --n-train 60 --hidden 24 --train-score --max-dendrites 1 --tries 1
    python train_digits.py --save-name premature --mode fixed --fixed 3 --max-dendrites 4 --lr 0.002 --train-score
    python train_digits.py --save-name capacity --capacity

The library writes the folder of the save name into the working directory; a run takes one to four minutes on one core.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass

import numpy as np
import torch
from perforatedai import globals_perforatedai as GPA  # noqa: N812 (the library's own short names)
from perforatedai import utils_perforatedai as UPA  # noqa: N812
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

Split = tuple[Tensor, Tensor]


def arguments() -> argparse.Namespace:
    """What the command line sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save-name", default="PAI")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", choices=["history", "fixed"], default="history")
    parser.add_argument("--fixed", type=int, default=15, help="epochs between switches in fixed mode")
    parser.add_argument("--n-switch", type=int, default=10, help="patience in history mode")
    parser.add_argument("--hidden", type=int, default=6)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--n-train", type=int, default=600)
    parser.add_argument("--max-epochs", type=int, default=100_000, help="leave the loop early, as a wrong loop does")
    parser.add_argument("--max-dendrites", type=int, default=5)
    parser.add_argument("--tries", type=int, default=2)
    parser.add_argument("--minimize", action="store_true", help="validation score is the loss")
    parser.add_argument("--train-score", action="store_true")
    parser.add_argument("--test-score", action="store_true")
    parser.add_argument("--capacity", action="store_true", help="the library's self-test, its default setting")
    return parser.parse_args()


@dataclass(frozen=True)
class Data:
    """The three splits, which depend on no seed: features of shape (n, 64), labels of shape (n,)."""

    train: Split
    validation: Split
    test: Split


class Net(nn.Module):
    """A small multi-layer perceptron; `hidden` limits what it can learn without dendrites."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(64, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.out(torch.relu(self.fc2(torch.relu(self.fc1(x)))))
        return logits


def data(n_train: int) -> Data:
    """Digits in [0, 1]: `n_train` images to train with, the rest halved."""
    x, y = load_digits(return_X_y=True)
    x_train, x_rest, y_train, y_rest = train_test_split(x / 16.0, y, train_size=n_train, random_state=0, stratify=y)
    x_val, x_test, y_val, y_test = train_test_split(x_rest, y_rest, train_size=0.5, random_state=0, stratify=y_rest)
    train, validation, test = (
        (torch.tensor(features, dtype=torch.float32), torch.tensor(labels))
        for features, labels in ((x_train, y_train), (x_val, y_val), (x_test, y_test))
    )
    return Data(train, validation, test)


def configure(chosen: argparse.Namespace) -> None:
    """Hand the settings to the library."""
    pc = GPA.pc
    pc.set_configuration_confirmed(True)
    pc.set_unwrapped_modules_confirmed(True)
    pc.set_weight_decay_accepted(True)
    pc.set_testing_dendrite_capacity(chosen.capacity)
    pc.set_modules_to_perforate([nn.Linear])
    pc.set_device("cpu")
    pc.set_use_cuda(False)
    pc.set_verbose(False)
    pc.set_max_dendrites(chosen.max_dendrites)
    pc.set_max_dendrite_tries(chosen.tries)
    pc.set_n_epochs_to_switch(chosen.n_switch)
    if chosen.mode == "fixed":
        pc.set_switch_mode(pc.DOING_FIXED_SWITCH)
        pc.set_fixed_switch_num(chosen.fixed)
        pc.set_first_fixed_switch_num(chosen.fixed)
    else:
        pc.set_switch_mode(pc.DOING_HISTORY)


def new_optimizer(chosen: argparse.Namespace, model: nn.Module) -> torch.optim.Optimizer:
    """Set up optimizer and scheduler; needed again after every change of the network."""
    GPA.pai_tracker.set_optimizer(torch.optim.Adam)
    GPA.pai_tracker.set_scheduler(torch.optim.lr_scheduler.ReduceLROnPlateau)
    optimizer: torch.optim.Optimizer
    optimizer, _scheduler = GPA.pai_tracker.setup_optimizer(
        model,
        {"params": model.parameters(), "lr": chosen.lr},
        {"mode": "min" if chosen.minimize else "max", "patience": 4},
    )
    return optimizer


def score(chosen: argparse.Namespace, model: nn.Module, split: Split) -> float:
    """Accuracy in percent, or the cross entropy."""
    features, labels = split
    with torch.no_grad():
        logits: Tensor = model(features)
    if chosen.minimize:
        return float(nn.CrossEntropyLoss()(logits, labels).item())
    return float((logits.argmax(1) == labels).float().mean().item()) * 100


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, split: Split) -> None:
    """Run one epoch of mini-batch training."""
    features, labels = split
    cross_entropy = nn.CrossEntropyLoss()
    model.train()
    order = torch.randperm(len(features))
    for start in range(0, len(order), 32):
        batch = order[start : start + 32]
        optimizer.zero_grad()
        cross_entropy(model(features[batch]), labels[batch]).backward()
        optimizer.step()
    model.eval()


def main() -> None:
    """Train until the library, or `--max-epochs`, ends it."""
    chosen = arguments()
    random.seed(chosen.seed)
    np.random.seed(chosen.seed)  # noqa: NPY002 (what the library draws from)
    torch.manual_seed(chosen.seed)
    torch.set_num_threads(1)
    splits = data(chosen.n_train)
    configure(chosen)
    model = UPA.perforate_model(Net(chosen.hidden), save_name=chosen.save_name, maximizing_score=not chosen.minimize)
    optimizer = new_optimizer(chosen, model)
    for _epoch in range(chosen.max_epochs):
        train_epoch(model, optimizer, splits.train)
        if chosen.train_score:
            GPA.pai_tracker.add_extra_score(score(chosen, model, splits.train), "Train")
        if chosen.test_score:
            GPA.pai_tracker.add_test_score(score(chosen, model, splits.test), "Test")
        model, restructured, done = GPA.pai_tracker.add_validation_score(score(chosen, model, splits.validation), model)
        if done:
            break
        if restructured:
            optimizer = new_optimizer(chosen, model)


if __name__ == "__main__":
    main()
