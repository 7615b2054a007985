"""D0: what kind of run this is, before anything is measured."""

from collections.abc import Sequence
from itertools import chain

from pai_report.analysis.columns import role
from pai_report.analysis.direction import direction, shown_direction
from pai_report.analysis.lineage import Attempt
from pai_report.analysis.model import Identity, Scale
from pai_report.analysis.parameters import doubled_base, known_sizes
from pai_report.analysis.quantum import quantum, scale
from pai_report.analysis.settings_in_force import settings_in_force
from pai_report.analysis.training_mode import training_mode
from pai_report.analysis.versions import versions
from pai_report.analysis.windows import Window, windows_of
from pai_report.library import SELF_TEST_SETS
from pai_report.limits import Limits
from pai_report.run.model import Recording, Run
from pai_report.settings import Settings

POINTS: dict[Scale, float | None] = {"fraction": 100.0, "percent": 1.0, "free": None}
SAME = 1e-9  # relative


def identity(run: Run, settings: Settings, found: Sequence[Attempt]) -> Identity:
    """Direction, mode, versions, scale and the settings in force of a run, each with what decided it (D0, D3, F4).

    `found` are its attempts, whose sizes narrow the versions.
    """
    mode, mode_from = training_mode(run)
    decided, decided_by = direction(run, mode, settings)
    scores = _scores(run.canonical)
    known = [score for score in scores if score is not None]
    recordings = (run.canonical, *run.snapshots)
    counted = quantum(chain.from_iterable((s for s in _scores(r) if s is not None) for r in recordings), settings.limits)
    train = [extra.values for extra in run.canonical.extras if role(extra.name) == "train"]
    kind = scale(known, decided, train, scores, counted)
    phases = windows_of(run.canonical, mode)
    tested = None if run.config is None else run.config.value("testing_dendrite_capacity")
    every_epoch = _every_epoch(phases, run.canonical, settings.limits)
    return Identity(
        save_name=run.save_name,
        folder=run.folder,
        direction=decided,
        direction_from=decided_by,
        mode=mode,
        mode_from=mode_from,
        versions=versions(run, doubled_base=doubled_base(run, known_sizes(run, found, mode), mode)),
        scale=kind,
        points_per_unit=POINTS[kind],
        quantum=None if counted is None else counted.step,
        n_validation=None if counted is None else counted.samples,
        lookback_differs=_lookback_differs(run.canonical, phases),
        capacity_test=bool(tested) or (every_epoch and tested is None and _self_test(run.canonical)),
        every_epoch=every_epoch,
        partial=run.partial,
        settings=settings_in_force(run.config, run.script),
        config=run.config,
        script=run.script,
        rows_show=shown_direction(run, mode),
    )


def _scores(recording: Recording) -> tuple[float | None, ...]:
    return recording.validation.values if recording.validation else ()


def _every_epoch(phases: Sequence[Window], canonical: Recording, limits: Limits) -> bool:
    """Several sets were added and every phase is one epoch long (rules, verdicts: capacity-test)."""
    added = len(canonical.switch_epochs or ()) // 2
    return added >= limits.every_epoch_sets and bool(phases) and all(window.first == window.last for window in phases)


def _self_test(canonical: Recording) -> bool:
    """At most three sets, one epoch each: the library's own capacity test, which writes no config (F4)."""
    return len(canonical.switch_epochs or ()) // 2 <= SELF_TEST_SETS


def _lookback_differs(canonical: Recording, phases: Sequence[Window]) -> bool:
    """Whether the running score, on which the library decides, differs from validation in any neuron-phase epoch.

    In dendrite phases the running score stands still by design (the library's file formats).
    """
    running = canonical.running.values if canonical.running else ()
    scores = _scores(canonical)
    return any(
        a is not None and b is not None and abs(a - b) > SAME * max(abs(a), abs(b))
        for window in phases
        if window.kind == "neuron"
        for a, b in zip(scores[window.first : window.last + 1], running[window.first : window.last + 1], strict=False)
    )
