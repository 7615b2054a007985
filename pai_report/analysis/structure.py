"""From a run to its structure: what kind of run it is, its phases, trials, networks and epochs."""

from dataclasses import replace

from pai_report.analysis.agreement import agreed
from pai_report.analysis.architectures import kept_architectures, rejected_architectures
from pai_report.analysis.best_rows import BestRows, best_rows
from pai_report.analysis.columns import copied_columns, is_copy, role
from pai_report.analysis.efficiency import efficiency
from pai_report.analysis.epoch_times import epoch_seconds
from pai_report.analysis.frame import Frame, frame
from pai_report.analysis.lifecycle import lifecycle
from pai_report.analysis.model import Architecture, Lifecycle, Track
from pai_report.analysis.modules import modules
from pai_report.analysis.phase_series import phase_series, trials
from pai_report.analysis.stand_in import with_switches, without_rejected_set
from pai_report.analysis.structure_model import Structure
from pai_report.analysis.timing import switch_timing
from pai_report.run.model import Recording, Run
from pai_report.settings import Settings


def build_structure(run: Run, settings: Settings) -> Structure:
    """The shape of a run before anything is judged. Any run that the reader delivers has one; nothing is raised."""
    reconciled = agreed(with_switches(without_rejected_set(run)), settings)
    run = reconciled.run
    found = frame(run, settings)
    rows = best_rows(run.canonical, found.mode, found.sign, run.era)
    kept = kept_architectures(found, rows)
    life = lifecycle(found, kept)
    phases = phase_series(found)
    return Structure(
        identity=found.identity,
        lifecycle=life,
        track=_track(run.canonical),
        phases=phases,
        trials=trials(found, phases),
        architectures=(*_judged(kept, life), *rejected_architectures(found, kept)),
        best_scores_rebuilt=rows.rebuilt,
        test_is_copy=_test_is_copy(run.canonical, rows),
        last_real=_last_real(found, life),
        efficiency=efficiency(found, kept, settings.original_params),
        modules=modules(run, found.windows, settings.limits),
        timing=switch_timing(found, phases),
        disagreements=reconciled.disagreements,
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


def _test_is_copy(canonical: Recording, rows: BestRows) -> bool:
    """Whether every test column repeats validation: in the best rows where there are any, else epoch by epoch."""
    named = {name for held in rows.rows for name, _ in held.row.extras if role(name) == "test"}
    if named and not rows.rebuilt:
        return named <= copied_columns([held.row for held in rows.rows])
    columns = [extra.values for extra in canonical.extras if role(extra.name) == "test"]
    scores = canonical.validation.values if canonical.validation else ()
    return bool(columns) and all(is_copy(column, scores) for column in columns)


def _last_real(found: Frame, life: Lifecycle) -> float | None:
    """Score of the last epoch really trained, where its recording survives for sure."""
    sure = life.budget.trained is not None or (found.mode == "pb" and found.ending.finished is not None)
    newest = found.attempts[-1].end if sure and found.attempts else None
    return newest.validation.values[-1] if newest and newest.validation and newest.validation.values else None
