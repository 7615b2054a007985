"""Train the network of the story "improved" without any dendrite, as a control.

Same data, seed, optimiser, scheduler and patience as the story; the learning rate is restarted as often as
the story restarts it. Prints the best validation score up to the end of each phase.

    python control.py [SEED]
"""

from __future__ import annotations

import sys
from dataclasses import replace

import torch
from train import STORIES, Net, load_data, make_scorer, train_epoch


def main() -> None:
    """Train three phases and print what they reach."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    story = replace(STORIES["improved"], seed=seed)
    torch.manual_seed(story.seed)
    torch.set_num_threads(1)
    train, validation, test = load_data(story)
    model = Net(train[0].shape[1], story.hidden, int(train[1].max()) + 1)
    score = make_scorer(story)
    for phase in range(story.max_dendrites + 1):
        optimizer = torch.optim.Adam(model.parameters(), lr=story.learning_rate)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer,
            mode="max",
            patience=story.scheduler_patience,
        )
        best, waited, epochs = 0.0, 0, 0
        while waited < story.n_epochs_to_switch:
            train_epoch(story, model, optimizer, train)
            reached = score(model, validation)
            scheduler.step(reached)
            epochs, waited = epochs + 1, waited + 1
            if reached * (1 - story.improvement_threshold[0]) > best:
                best, waited = reached, 0
        at_end = score(model, test)
        print(f"phase {phase}: {epochs} epochs, validation {best:.2f}, test {at_end:.2f} at its end")


if __name__ == "__main__":
    main()
