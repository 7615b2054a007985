# ruff: noqa: INP001 - scripts, not a package
"""How often is a gain called real that is none, and how often is a true one found? Prints a table; seeded.

Runs are simulated as the library makes them: each phase trains until `patience` epochs in a row brought no new best score,
a dendrite set is kept only when it beat the best score so far, and a rejected set is tried again. Only runs that recorded a
gain are judged, by the one test of the best network against the baseline.

"ramp" learns for some ten epochs and then stays on its plateau. "creeping" is no pure noise: it still rises by a fraction of
its noise when the patience runs out, so that the networks compared really differ; its row shows what that costs.

    python benchmarks/noise_simulation.py [--runs 2000] [--seed 1]
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from numpy.random import PCG64, Generator

from pai_report.analysis.measure import Measure
from pai_report.analysis.noise import Sample, noise_test, plateau_draws, tail
from pai_report.library import in_force
from pai_report.limits import Limits

PATIENCE = 10
LIMITS = Limits()
LIBRARY = replace(in_force(()), n_epochs_to_switch=PATIENCE, improvement_threshold=(0.0,), improvement_threshold_raw=0.0)
MOST_SETS = 3
LONGEST_PHASE = 400
LEVEL, SAMPLES = 0.9, 600  # accuracy and validation samples of the quantised scores
RAMP = 20.0  # a phase that learns starts this many sigma below its plateau
FAST, SLOW = 3.0, 6.0  # epochs in which the distance to the plateau falls to 37 %

Scores = Iterator[float]
Series = tuple[float, ...]
Source = Callable[[Generator, float, float], Scores]


@dataclass(frozen=True)
class Case:
    """One row of the table: how scores arise, how far each set lifts the plateau (in sigma), how often sets are tried."""

    scores: str
    rho: float
    tries: int
    shift: float


def gaussian(rng: Generator, rho: float, level: float) -> Scores:
    """Normal noise of deviation 1 around `level` sigma with lag-1 autocorrelation `rho`."""
    noise = rng.normal()
    while True:
        yield level + noise
        noise = rho * noise + math.sqrt(1 - rho**2) * rng.normal()


def ramp(epochs: float) -> Source:
    """The same noise on a plateau that is reached by exponential learning."""

    def learning(rng: Generator, rho: float, level: float) -> Scores:
        for epoch, score in enumerate(gaussian(rng, rho, level)):
            yield score - RAMP * math.exp(-epoch / epochs)

    return learning


def binomial(rng: Generator, rho: float, level: float) -> Scores:
    """Accuracy on 600 samples: each epoch a share `rho` of the samples keeps its outcome, so that lag-1 correlation is rho."""
    sigma = math.sqrt(LEVEL * (1 - LEVEL) / SAMPLES)
    chance = min(0.999, LEVEL + level * sigma)
    right = rng.binomial(SAMPLES, chance)
    while True:
        yield right / SAMPLES
        right = rng.binomial(right, rho + (1 - rho) * chance) + rng.binomial(SAMPLES - right, (1 - rho) * chance)


SOURCES: dict[str, Source] = {"gaussian": gaussian, "ramp": ramp(FAST), "binomial": binomial, "creeping": ramp(SLOW)}


def phase(scores: Scores) -> Series:
    """Train until patience runs out."""
    series: list[float] = []
    best, waited = -math.inf, 0
    while waited < PATIENCE and len(series) < LONGEST_PHASE:
        series.append(next(scores))
        improved = series[-1] > best
        best, waited = max(best, series[-1]), 0 if improved else waited + 1
    return tuple(series)


def run(rng: Generator, case: Case) -> tuple[list[Series], list[Series]]:
    """The kept phases of one run, the base network's first, and the rejected tries."""
    source = SOURCES[case.scores]
    kept = [phase(source(rng, case.rho, 0.0))]
    rejected: list[Series] = []
    while len(kept) <= MOST_SETS:
        for _ in range(case.tries):
            series = phase(source(rng, case.rho, case.shift))
            if max(series) > max(kept[-1]):
                kept.append(series)
                break
            rejected.append(series)
        else:
            break
    return kept, rejected


def sample(kept: list[Series], rejected: list[Series]) -> Sample:
    """One side of the test; rejected tries count as epochs, the noise is read from the phase of the best network."""
    trained = [*kept, *rejected]
    return Sample(
        epochs=sum(map(len, trained)),
        draws=sum(plateau_draws(series, LIMITS) for series in trained),
        tails=(tail(kept[-1], LIMITS),),
        truncated=False,
    )


def judged(kept: list[Series], rejected: list[Series], quantum: float | None) -> str | None:
    """Class of the gain of the best network over the baseline; None where no set was kept."""
    if len(kept) == 1:
        return None
    measure = Measure(sign=1, points_per_unit=None, quantum=quantum, library=LIBRARY, limits=LIMITS)
    gain = measure.change(max(kept[0]), max(kept[-1]))
    before, after = sample(kept[:1], []), sample(kept[1:], rejected)
    return noise_test(gain, before, after, measure, None).gain_class


def rates(case: Case, runs: int, seed: int) -> tuple[float, float]:
    """Share of runs that recorded a gain, and share of those that were called real."""
    rng = Generator(PCG64([seed, *repr(case).encode()]))
    quantum = 1 / SAMPLES if case.scores == "binomial" else None
    classes = [judged(*run(rng, case), quantum) for _ in range(runs)]
    recorded = [found for found in classes if found is not None]
    return len(recorded) / runs, recorded.count("real") / max(1, len(recorded))


def cases(shift: float) -> Iterator[Case]:
    """Every combination of score source, autocorrelation and tries."""
    for scores in SOURCES:
        for rho in (0.0, 0.5):
            for tries in (1, 2, 4):
                yield Case(scores=scores, rho=rho, tries=tries, shift=shift)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    out = sys.stdout
    out.write(f"{'scores':10} {'rho':>4} {'tries':>5} {'gain recorded':>14} {'called real':>12} {'4-sigma shift found':>20}\n")
    for noise, shifted in zip(cases(0.0), cases(4.0), strict=True):
        recorded, false = rates(noise, chosen.runs, chosen.seed)
        _, found = rates(shifted, max(1, chosen.runs // 4), chosen.seed)
        out.write(f"{noise.scores:10} {noise.rho:4} {noise.tries:5} {recorded:14.1%} {false:12.1%} {found:20.1%}\n")


if __name__ == "__main__":
    main()
