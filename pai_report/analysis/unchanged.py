"""What should have changed and did not: the validation score, and the size of the network when a set was added."""

from collections.abc import Sequence
from itertools import chain, pairwise

from pai_report.analysis.measure import finite
from pai_report.analysis.model import Architecture
from pai_report.analysis.structure_model import Structure
from pai_report.limits import Limits


def never_changes(structure: Structure, limits: Limits) -> bool:
    """Whether every score of the run, rolled-back epochs and rejected tries included, is one and the same number.

    The main files alone would be too short to tell: the library goes back to the first of equal scores.
    """
    phases, trials = (phase.series for phase in structure.phases), (trial.series for trial in structure.trials)
    recorded = [finite(series) for series in (structure.track.validation, *phases, *trials)]
    longest = max(len(scores) for scores in recorded)
    return longest >= limits.unchanged_epochs and len(set(chain.from_iterable(recorded))) == 1


def added_nothing(networks: Sequence[Architecture]) -> tuple[int, ...]:
    """The kept sets whose network has exactly as many parameters as the one before, where both sizes are recorded."""
    kept = [network for network in networks if network.outcome != "rejected"]
    return tuple(
        after.sets
        for before, after in pairwise(kept)
        if before.parameters is not None and before.parameters == after.parameters
    )
