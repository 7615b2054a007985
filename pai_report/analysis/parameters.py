"""C12: sizes of the network with 0, 1, 2, … sets, the law they grow by, and a base network counted twice."""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.lineage import Attempt
from pai_report.analysis.model import Mode
from pai_report.run.model import Run
from pai_report.values import value


@value
class Law:
    """Sizes of a network whose every set reads all earlier ones: (k + 1) P + T + N (k² + k − 1) for k ≥ 1 (C12).

    `perforated` P: parameters of the perforated modules; `neurons` N: their outputs.
    """

    perforated: int
    neurons: int

    def step(self, sets: int) -> int:
        """Parameters that set number `sets` adds."""
        return self.perforated + (self.neurons if sets == 1 else 2 * sets * self.neurons)


def law(sizes: Sequence[int]) -> Law | None:
    """The law behind the sizes with 0, 1, 2, … sets; None for fewer than two sets and where they do not follow it."""
    steps = [after - before for before, after in pairwise(sizes)]
    if len(steps) < 2:
        return None
    neurons, rest = divmod(steps[1] - steps[0], 3)
    found = Law(perforated=steps[0] - neurons, neurons=neurons)
    if rest or neurons < 1 or found.perforated < 1 or found.perforated > sizes[0]:
        return None
    return found if all(found.step(sets) == step for sets, step in enumerate(steps, start=1)) else None


def kept_sizes(run: Run) -> tuple[int, ...]:
    """Parameters of the canonical network with 0, 1, 2, … sets; from the best rows where there is no file of counts."""
    counts = run.canonical.parameter_counts
    if counts:
        return counts[::2]
    rows = [row.parameters for row in run.canonical.best_rows or ()]
    return tuple(size for size in rows if size is not None) if None not in rows else ()


def known_sizes(run: Run, found: Sequence[Attempt], mode: Mode) -> tuple[int, ...]:
    """The same with the rejected sets, whose snapshots hold one size more; not with Perforated Backpropagation."""
    known = kept_sizes(run)
    longer = [attempt.end.parameter_counts[::2] for attempt in found if attempt.end and attempt.end.parameter_counts]
    best = max((held for held in longer if held[: len(known)] == known), key=len, default=known)
    return best if mode != "pb" and len(best) > len(known) else known


def doubled_base(run: Run, sizes: Sequence[int], mode: Mode) -> bool | None:
    """Whether the base network is counted twice, as versions 2.0.0 to 3.0.1 did; None where that is not certain (C12).

    Two sets tell: the base then is exactly twice the perforated parameters. With fewer, or with Perforated Backpropagation,
    only files of the versions that write neither Times nor learning rates leave a doubt.
    """
    if not sizes:
        return None
    if run.era == "best-arch-scores":
        return False
    if mode != "pb" and len(sizes) > 2:
        neurons = (sizes[2] - sizes[1] - (sizes[1] - sizes[0])) / 3
        return sizes[0] == 2 * (sizes[1] - sizes[0] - neurons)
    doubtful = run.canonical.times is None and run.canonical.learning_rate is None
    return None if doubtful else False
