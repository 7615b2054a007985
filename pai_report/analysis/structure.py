"""From a run to its structure: what kind of run it is, its phases, trials, networks and epochs."""

from dataclasses import replace

from pai_report.analysis.architectures import copied_columns, is_copy, kept_architectures, rejected_architectures
from pai_report.analysis.best_rows import best_rows
from pai_report.analysis.columns import role
from pai_report.analysis.efficiency import all_sizes, doubled_base, efficiency
from pai_report.analysis.ending import ending
from pai_report.analysis.epoch_times import epoch_seconds
from pai_report.analysis.epochs import course
from pai_report.analysis.identity import identity
from pai_report.analysis.lifecycle import kept_sets, lifecycle, may_be_cut
from pai_report.analysis.lineage import Attempt, attempts
from pai_report.analysis.model import Architecture, Lifecycle, Track
from pai_report.analysis.modules import modules
from pai_report.analysis.phase_series import phase_series, trials
from pai_report.analysis.structure_model import PhaseSeries, Structure, Trial
from pai_report.analysis.timing import switch_timing
from pai_report.analysis.training_mode import training_mode
from pai_report.analysis.windows import windows
from pai_report.analysis.yardstick import measure_of
from pai_report.run.model import Recording, Run
from pai_report.settings import Settings

__all__ = ["PhaseSeries", "Structure", "Trial", "build_structure"]


def build_structure(run: Run, settings: Settings) -> Structure:
    """The shape of a run before anything is judged. Any run that the reader delivers has one; nothing is raised."""
    mode, _ = training_mode(run)
    found = attempts(run)
    known_sizes = all_sizes(run, found, mode)
    doubled = doubled_base(run, mode, known_sizes)
    told = identity(run, settings, doubled_base=doubled)
    measure = measure_of(told, settings)
    spans = windows(run.canonical.switch_epochs or (), run.canonical.epochs, mode)
    ended = ending(run, told.direction, spans)
    axis = course(run, found)
    rows = best_rows(run.canonical, mode, None if measure is None else measure.sign, largest_always=run.era == "camel-case")
    kept = kept_architectures(run, rows, kept_sets(run), spans, measure)
    life = lifecycle(run, told, found, axis, ended, kept, measure)
    networks = (*_judged(kept, life), *rejected_architectures(run, found, kept, mode, measure))
    cut = may_be_cut(run, told, ended)
    phases = phase_series(run, spans, axis, measure, reloaded=cut, every_epoch=told.every_epoch)
    return Structure(
        identity=told,
        lifecycle=life,
        track=_track(run.canonical),
        phases=phases,
        trials=trials(run, found, phases, [span.level for span in spans]),
        architectures=networks,
        best_scores_rebuilt=rows.rebuilt,
        test_is_copy=_test_is_copy(run.canonical),
        last_real=_last_real(run, found, cut=cut),
        efficiency=efficiency(
            run, kept, known_sizes, doubled=doubled, mode=mode, measure=measure, original=settings.original_params
        ),
        modules=modules(run, spans, settings.thresholds),
        timing=switch_timing(told, phases),
    )


def _judged(kept: tuple[Architecture, ...], life: Lifecycle) -> tuple[Architecture, ...]:
    """The networks, the last one marked where nothing shows that the library would have kept it."""
    return (*kept[:-1], replace(kept[-1], outcome="unproven")) if life.last_set_proven is False else kept


def _track(canonical: Recording) -> Track:
    scores = canonical.validation.values if canonical.validation else ()
    rates = canonical.learning_rate
    return Track(
        file=canonical.validation.file if canonical.validation else "",
        validation=scores,
        running=canonical.running.values if canonical.running else None,
        extras=tuple((extra.name, role(extra.name), extra.values) for extra in canonical.extras),
        learning_rate=None if rates is None else rates.values,
        learning_rate_file=None if rates is None else rates.file,
        epoch_seconds=epoch_seconds(canonical.times),
        recorded_gaps=tuple(epoch for epoch, score in enumerate(scores) if score is None),
    )


def _test_is_copy(canonical: Recording) -> bool:
    """Whether every test column repeats validation: in the best rows where there are any, else epoch by epoch."""
    rows = canonical.best_rows or ()
    named = {name for row in rows for name, _ in row.extras if role(name) == "test"}
    if named:
        return named <= copied_columns(rows)
    columns = [extra.values for extra in canonical.extras if role(extra.name) == "test"]
    scores = canonical.validation.values if canonical.validation else ()
    return bool(columns) and all(is_copy(column, scores) for column in columns)


def _last_real(run: Run, found: tuple[Attempt, ...], *, cut: bool) -> float | None:
    """Score of the last epoch really trained: the end of the last attempt whose recording survives."""
    newest = found[-1].end if found else None
    if newest is None or newest.validation is None or (newest is run.canonical and cut):
        return None
    return newest.validation.values[-1] if newest.validation.values else None
