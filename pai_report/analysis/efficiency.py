"""D14: parameters, and what they bought."""

from collections.abc import Sequence
from itertools import pairwise

from pai_report.analysis.frame import Frame
from pai_report.analysis.model import Architecture, Change, Efficiency
from pai_report.analysis.parameters import doubled_base, kept_sizes, known_sizes, law


def efficiency(frame: Frame, networks: Sequence[Architecture], original: int | None) -> Efficiency:
    """Growth of the network and the gain per growth. `networks`: base and kept sets; `original`: the user's own figure.

    What grew is the best network with dendrites, as in D4, also where the one without is better.
    """
    own = kept_sizes(frame.run)
    known = known_sizes(frame.run, frame.attempts, frame.mode)
    doubled = doubled_base(frame.run, known, frame.mode)
    found = law(known) if frame.mode != "pb" else None
    base = own[0] if own else None
    best = best_network(networks[1:], frame) or best_network(networks[:1], frame)
    growth = None if best is None else _growth(base, base, best.parameters)
    return Efficiency(
        baseline=base,
        best=None if best is None else best.parameters,
        final=own[-1] if own else None,
        growth=growth,
        doubled_base=doubled,
        gain_per_growth=_ratio(_gain(networks[0], best, frame), growth),
        marginal=tuple(
            _ratio(_in_points(after.gain), _growth(base, before.parameters, after.parameters))
            for before, after in pairwise(networks)
        ),
        perforated=None if found is None else found.perforated,
        neurons=None if found is None else found.neurons,
        tracked=None if found is None or doubled or base is None else base - found.perforated,
        next_set=None if found is None or frame.kept >= len(known) else known[frame.kept] + found.step(frame.kept + 1),
        original=original,
    )


def best_network(networks: Sequence[Architecture], frame: Frame) -> Architecture | None:
    """The network with the best score, the smallest of equals; None without a direction or a score."""
    sign = frame.sign
    scored = [(sign * network.best, -network.sets, network) for network in networks if network.best is not None and sign]
    return max(scored, key=lambda held: held[:2])[2] if scored else None


def _growth(base: int | None, start: int | None, end: int | None) -> float | None:
    """Parameters added from `start` to `end` as a share of the base network."""
    return None if not base or start is None or end is None else (end - start) / base


def _gain(base: Architecture, best: Architecture | None, frame: Frame) -> float | None:
    if best is None or best.best is None or base.best is None or frame.measure is None:
        return None
    return _in_points(frame.measure.change(base.best, best.best))


def _in_points(gain: Change | None) -> float | None:
    """Points on a bounded score, else percent of the score before (D14)."""
    if gain is None or gain.points is not None:
        return None if gain is None else gain.points
    return None if gain.relative is None else 100 * gain.relative


def _ratio(gain: float | None, growth: float | None) -> float | None:
    """Gain per +100 % parameters."""
    return gain / growth if gain is not None and growth else None
