"""Small structures to analyse: every part has a plain default, tests name what matters to them."""

from dataclasses import replace
from typing import Any

from pai_report.analysis.measure import Measure
from pai_report.analysis.model import (
    Architecture,
    Efficiency,
    EpochBudget,
    ExtraScore,
    Identity,
    Lifecycle,
    Scores,
    SwitchTiming,
    Track,
)
from pai_report.analysis.settings_in_force import settings_in_force
from pai_report.analysis.structure_model import PhaseSeries, Structure, Trial
from pai_report.library import InForce, in_force
from pai_report.limits import Limits
from pai_report.run.model import Recording, Run


def measure(**changes: Any) -> Measure:
    """A percentage to maximise with the library's defaults; library settings may be changed by name."""
    settings = {name: changes.pop(name) for name in tuple(changes) if name in InForce.__dataclass_fields__}
    plain = Measure(sign=1, points_per_unit=1.0, quantum=None, library=replace(in_force(()), **settings), limits=Limits())
    return replace(plain, **changes)


def free(**changes: Any) -> Measure:
    """A score of free scale."""
    return measure(points_per_unit=None, **changes)


def identity(**changes: Any) -> Identity:
    """A history-mode run on a free scale to maximise, without a config."""
    plain = Identity(
        save_name="PAI",
        folder="PAI",
        direction="maximize",
        direction_from="flag",
        mode="gd",
        mode_from="switch-rows",
        versions=None,
        scale="free",
        points_per_unit=None,
        quantum=None,
        n_validation=None,
        lookback_differs=False,
        capacity_test=False,
        every_epoch=False,
        partial=False,
        settings=settings_in_force(None, None),
        config=None,
        script=None,
    )
    return replace(plain, **changes)


def phase(series: Scores, sets: int = 0, first: int = 0, **changes: Any) -> PhaseSeries:
    """A neuron phase whose committed part ends at its largest score."""
    known = [score for score in series if score is not None]
    best = max(known, default=None)
    place = None if best is None else series.index(best)
    plain = PhaseSeries(
        sets=sets,
        kind="neuron",
        first=first,
        last=first + (len(series) - 1 if place is None else place),
        real_first=None,
        real_last=None,
        best=best,
        best_epoch=None if place is None else first + place,
        series=series,
        learning_rate=None,
        train=None,
        test=None,
        file="PAIScores.csv",
        truncated=False,
    )
    return replace(plain, **changes)


def network(best: float | None, sets: int = 0, epoch: int | None = None, **changes: Any) -> Architecture:
    """One row of the best scores."""
    plain = Architecture(
        sets=sets,
        outcome="kept" if sets else "base",
        tries=None,
        parameters=None,
        best=best,
        epoch=epoch,
        file="PAI_best_arch_scores.csv",
        extras=(),
        gain=None,
        test=None,
        shortfall=None,
    )
    return replace(plain, **changes)


def extra(name: str, role: str, score: float | None, *, copy: bool = False) -> ExtraScore:
    """A further column of a best row."""
    return ExtraScore(name=name, role=role, value=score, copy_of_validation=copy)  # type: ignore[arg-type]


def structure(phases: tuple[PhaseSeries, ...], yard: Measure | None = None, **changes: Any) -> Structure:
    """A finished run of these phases: their committed parts make the track, their best scores the architectures."""
    yard = yard or free()
    neuron = [p for p in phases if p.kind == "neuron"]
    rows = [network(p.best, p.sets, p.best_epoch) for p in neuron]
    for place in range(1, len(rows)):
        before, after = rows[place - 1].best, rows[place].best
        if before is not None and after is not None:
            rows[place] = replace(rows[place], gain=yard.change(before, after))
    committed = tuple(score for p in phases for score in p.series[: p.last - p.first + 1])
    plain = Structure(
        identity=identity(direction="maximize" if yard.sign > 0 else "minimize", quantum=yard.quantum),
        lifecycle=lifecycle(kept=len(neuron) - 1),
        track=track(committed),
        phases=phases,
        trials=tuple(Trial(sets=p.sets, kind="phase", file=p.file, first=p.first, series=p.series) for p in neuron),
        architectures=tuple(rows),
        best_scores_rebuilt=False,
        test_is_copy=False,
        last_real=None,
        efficiency=Efficiency(
            baseline=None,
            best=None,
            final=None,
            growth=None,
            doubled_base=None,
            gain_per_growth=None,
            marginal=(),
            perforated=None,
            neurons=None,
            tracked=None,
            next_set=None,
            original=None,
        ),
        modules=None,
        timing=SwitchTiming(intervals=(), committed_intervals=(), minimum_to_first_switch=None, patience_never_drops=None),
    )
    return replace(plain, **changes)


def lifecycle(**changes: Any) -> Lifecycle:
    """A finished run that ended at its maximum."""
    plain = Lifecycle(
        switch_epochs=(),
        kept=0,
        last_set_proven=None,
        tried=0,
        attempts=0,
        rejected_tries=0,
        attempted="yes",
        finished=True,
        ended_by="max-reached",
        budget=EpochBudget(
            recorded=0,
            trained=None,
            at_least=0,
            committed=None,
            patience=None,
            lr_search=None,
            rejected=None,
            seconds=None,
            lr_search_by_set=(),
            end_if_stopped_at_kept=None,
        ),
        snapshots=0,
        leftovers=0,
    )
    return replace(plain, **changes)


def track(validation: Scores, **changes: Any) -> Track:
    """Canonical validation scores and nothing else."""
    plain = Track(
        file="PAIScores.csv",
        validation=validation,
        running=None,
        extras=(),
        learning_rate=None,
        learning_rate_file=None,
        epoch_seconds=None,
        recorded_gaps=(),
    )
    return replace(plain, **changes)


def empty_run() -> Run:
    """A run without files: `judge` takes only notes, sources and the picture from it."""
    return Run(save_name="PAI", folder="PAI", canonical=Recording(infix="", kind="canonical"))
