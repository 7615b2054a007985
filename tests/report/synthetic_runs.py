"""Synthetic run folders that no one trained: large, long-named, or written to break a document. Seeded, so always the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

# ruff: noqa: S311 - numbers need to be repeatable, not secret
SEED = 20261125
GROWTH = 1.4  # one set's parameters over the network's


def stacked(columns: Mapping[str, Sequence[float]]) -> str:
    """Series below each other, each in a column of its own, as the library writes them; names are quoted."""
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in columns]
    lines = [",".join(["Epochs", *quoted])]
    for place, values in enumerate(columns.values()):
        before, after = "," * place, "," * (len(columns) - 1 - place)
        lines += [f"{epoch},{before}{value:.4f}{after}" for epoch, value in enumerate(values)]
    return "\n".join(lines) + "\n"


def numbered(header: str, values: Sequence[int]) -> str:
    """A table of numbered rows: switches or parameter counts."""
    return "\n".join([header, *(f"{place},{number}" for place, number in enumerate(values))]) + "\n"


def synthetic_run(
    folder: Path,
    *,
    save_name: str = "synthetic",
    modules: Sequence[str] = (".fc1", ".fc2"),
    sets: int = 2,
    epochs: int = 60,
    train: str = "Train",
    test: str = "Test",
) -> Path:
    """A run of `sets` dendrite sets in `epochs` recorded epochs, with correlation scores for every module of `modules`.

    `train` and `test` are the names of two further columns. Nothing here was trained.
    """
    random = Random(SEED)
    validation = [round(50 + 40 * (1 - 0.5 ** (8 * epoch / epochs)) + random.gauss(0, 0.6), 4) for epoch in range(epochs)]
    columns = {"Validation Scores": validation, "Validation Running Scores": validation}
    columns |= {train: [score + 4 for score in validation], test: [score - 1 for score in validation]}
    length = epochs // (2 * sets + 1)
    switches = [length * place - 1 for place in range(1, 2 * sets + 1)]
    sizes = [round(1000 * GROWTH ** (place // 2)) for place in range(2 * sets + 1)]
    starts = [0, *(switch + 1 for switch in switches[1::2])]
    ends = [*(switch + 1 for switch in switches[::2]), epochs]
    best = [max(range(start, end), key=validation.__getitem__) for start, end in zip(starts, ends, strict=True)]
    pairs = [f"{kind} for all nodes Layer {name}" for name in modules for kind in ("Best ever", "Best current")]
    dendrite_epochs = sum(end - start for start, end in zip(switches[::2], switches[1::2], strict=True))
    scores = {pair: [random.uniform(0.0005, 0.05) for _ in range(dendrite_epochs)] for pair in pairs}
    files = {
        "Scores.csv": stacked(columns),
        "Best PBScores.csv": stacked(scores),
        "learning_rate.csv": stacked({"learning_rate": [0.1 / (1 + epoch // length) for epoch in range(epochs)]}),
        "Times.csv": stacked({"Normal Epoch Times": [1 + random.random() for _ in range(epochs)]}),
        "switch_epochs.csv": numbered("Switch Number,Switch Epoch", switches),
        "param_counts.csv": numbered("Switch Number,Param Count", sizes),
        "_best_arch_scores.csv": _best_rows(sizes, best, columns, (train, test)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in files.items():
        (folder / f"{save_name}{suffix}").write_text(content, "utf-8")
    return folder


def _best_rows(sizes: list[int], best: list[int], columns: Mapping[str, Sequence[float]], extras: tuple[str, str]) -> str:
    quoted = ",".join('"{}"'.format(name.replace('"', '""')) for name in extras)
    shown = ("Validation Scores", *extras)
    rows = [
        ",".join([str(size), *(f"{columns[name][epoch]:.4f}" for name in shown)])
        for size, epoch in zip(sizes[::2], best, strict=True)
    ]
    return "\n".join([f"Param Counts,Max Valid Scores,{quoted}", *rows]) + "\n"
