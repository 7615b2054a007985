"""D14, C12: parameters, the law they grow by, and what they bought."""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.lineage import Attempt
from pai_report.analysis.measure import Measure
from pai_report.analysis.model import Architecture, Change, Efficiency, Mode
from pai_report.run.model import Run
from pai_report.values import value


@value
class Law:
    """Sizes of a network whose every set reads all earlier ones: (k + 1) P + T + N (k² + k − 1) for k ≥ 1 (rules C12).

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


def sizes(run: Run) -> tuple[int, ...]:
    """Parameters of the canonical network with 0, 1, 2, … sets; from the best rows where there is no file of counts."""
    counts = run.canonical.parameter_counts
    if counts:
        return counts[::2]
    rows = [row.parameters for row in run.canonical.best_rows or ()]
    return tuple(size for size in rows if size is not None) if None not in rows else ()


def all_sizes(run: Run, found: Sequence[Attempt], mode: Mode) -> tuple[int, ...]:
    """The same with the rejected sets, whose snapshots hold one size more."""
    known = sizes(run)
    longer = [attempt.end.parameter_counts[::2] for attempt in found if attempt.end and attempt.end.parameter_counts]
    best = max((held for held in longer if held[: len(known)] == known), key=len, default=known)
    return best if mode != "pb" and len(best) > len(known) else known


def doubled_base(run: Run, mode: Mode, known: Sequence[int]) -> bool | None:
    """Whether the base network is counted twice, as versions 2.0.0 to 3.0.1 did; None where that is not certain (C12).

    Two sets tell: the base then is exactly twice the perforated parameters. With fewer, or with Perforated Backpropagation,
    only files of the versions that write neither Times nor learning rates leave a doubt.
    """
    if not known or run.era == "best-arch-scores":
        return False if known else None
    if mode != "pb" and len(known) > 2:
        neurons = (known[2] - known[1] - (known[1] - known[0])) / 3
        return known[0] == 2 * (known[1] - known[0] - neurons)
    doubtful = run.canonical.times is None and run.canonical.learning_rate is None
    return None if doubtful else False


def efficiency(
    run: Run,
    networks: Sequence[Architecture],
    known: Sequence[int],
    *,
    doubled: bool | None,
    mode: Mode,
    measure: Measure | None,
    original: int | None,
) -> Efficiency:
    """Growth of the network and the gain per growth. `networks`: base and kept sets; `known`: sizes, rejected sets included."""
    own = sizes(run)
    best = _best(networks, measure)
    base = own[0] if own else networks[0].parameters
    growth = None if best is None else _growth(base, best.parameters)
    gain = None if best is None or networks[0].best is None else _measured(networks[0].best, best.best, measure)
    found = law(known) if mode != "pb" else None
    kept = len(networks) - 1
    return Efficiency(
        baseline=base,
        best=None if best is None else best.parameters,
        final=own[-1] if own else networks[-1].parameters,
        growth=growth,
        doubled_base=doubled,
        gain_per_growth=_ratio(gain, growth),
        marginal=tuple(
            _ratio(_in_points(after.gain), _growth(base, after.parameters, before.parameters))
            for before, after in pairwise(networks)
        ),
        perforated=None if found is None else found.perforated,
        neurons=None if found is None else found.neurons,
        tracked=None if found is None or doubled or base is None else base - found.perforated,
        next_set=None if found is None or kept >= len(known) else known[kept] + found.step(kept + 1),
        original=original,
    )


def _best(networks: Sequence[Architecture], measure: Measure | None) -> Architecture | None:
    scored = [network for network in networks if network.best is not None]
    if measure is None or not scored:
        return None
    return max(scored, key=lambda network: (measure.sign * (network.best or 0.0), -network.sets))


def _growth(base: int | None, size: int | None, start: int | None = None) -> float | None:
    """Parameters added from `start` (the base) to `size`, as a share of the base."""
    since = base if start is None else start
    return None if not base or size is None or since is None else (size - since) / base


def _measured(start: float, end: float | None, measure: Measure | None) -> float | None:
    return None if end is None or measure is None else _in_points(measure.change(start, end))


def _in_points(gain: Change | None) -> float | None:
    """Points on a bounded score, else percent of the score before (rules D14)."""
    if gain is None or gain.points is not None:
        return None if gain is None else gain.points
    return None if gain.relative is None else 100 * gain.relative


def _ratio(gain: float | None, growth: float | None) -> float | None:
    """Gain per +100 % parameters."""
    return gain / growth if gain is not None and growth else None
