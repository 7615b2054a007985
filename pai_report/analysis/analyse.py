"""From the structure of a run to everything its numbers say."""

from dataclasses import replace

from pai_report.analysis.additions import additions
from pai_report.analysis.convergence import Stretch, convergence
from pai_report.analysis.direction_check import dendrite_phase_broken, wrong_direction
from pai_report.analysis.gains import gains
from pai_report.analysis.generalization import generalization
from pai_report.analysis.learning_rate import change_places
from pai_report.analysis.measure import Measure, measure_of
from pai_report.analysis.missing import missing
from pai_report.analysis.model import Analysis, Architecture, Convergence, Schedule
from pai_report.analysis.phases import Switching, judged_phases
from pai_report.analysis.schedule import identify
from pai_report.analysis.structure import build_structure
from pai_report.analysis.structure_model import PhaseSeries, Structure, Trial
from pai_report.analysis.unchanged import added_nothing, never_changes
from pai_report.library import FIXED, HISTORY, InForce, in_force
from pai_report.run.model import Run
from pai_report.settings import Settings


def analyse(run: Run, settings: Settings) -> Analysis:
    """Everything the numbers of one run say, as one frozen, serialisable value, equal on every machine.

    Never fails for missing files: what could not be judged is in `Analysis.missing` (docs/definitions.md).
    """
    return judge(build_structure(run, settings), run, settings)


def judge(structure: Structure, run: Run, settings: Settings) -> Analysis:
    """The analysis of a structure; `run` only adds its notes, files and picture."""
    library = in_force(structure.identity.settings)
    measure = measure_of(structure.identity, settings)
    structure = with_best_scores(structure, measure)
    direction = None if measure is None else wrong_direction(structure, measure)
    if direction == "wrong":  # the best network of each phase is its worst: no gain, gap or plateau can be told
        measure, structure = None, undirected(structure)
    phases = judged_phases(structure, measure, switching_of(library))
    schedule = schedule_of(structure, measure)
    analysis = Analysis(
        identity=structure.identity,
        lifecycle=structure.lifecycle,
        track=structure.track,
        phases=phases,
        additions=additions(structure.phases, measure, settings.limits.lr_restart),
        gains=gains(structure, phases, measure),
        schedule=schedule,
        generalization=None if measure is None else generalization(structure, measure),
        modules=structure.modules,
        efficiency=structure.efficiency,
        convergence=None if measure is None else convergence_of(structure, measure, library, schedule),
        timing=replace(structure.timing, patience_never_drops=patience_never_drops(schedule, library)),
        wrong_direction=direction == "wrong",
        wrong_direction_hint=direction == "hint",
        never_changes=never_changes(structure, settings.limits),
        added_nothing=added_nothing(structure.architectures),
        flat_dendrite_phase_broken=measure is not None and dendrite_phase_broken(structure.phases, measure),
        missing=(),
        notes=run.notes,
        ignored=run.ignored,
        sources=run.sources,
        picture=None if run.picture is None else run.picture.name,
        disagreements=structure.disagreements,
        files=files_of(run),
    )
    return replace(analysis, missing=missing(analysis))


def undirected(structure: Structure) -> Structure:
    """The structure without what was measured along its direction."""
    return replace(structure, efficiency=replace(structure.efficiency, gain_per_growth=None, marginal=()))


def with_best_scores(structure: Structure, measure: Measure | None) -> Structure:
    """Networks whose cell in the best scores is empty take the best recorded score of their phase.

    The library writes an empty cell when any epoch of the phase was no number (the library's file formats).
    """
    if measure is None:
        return structure
    phases = {phase.sets: phase for phase in structure.phases if phase.kind == "neuron"}
    filled = [_with_best(network, phases.get(network.sets)) for network in structure.architectures]
    networks = [_with_gain(before, network, measure) for before, network in zip((None, *filled), filled, strict=False)]
    return replace(structure, architectures=tuple(networks))


def _with_best(network: Architecture, phase: PhaseSeries | None) -> Architecture:
    if network.best is not None or network.outcome == "rejected" or phase is None or phase.best is None:
        return network
    return replace(network, best=phase.best, epoch=phase.best_epoch, file=phase.file)


def _with_gain(before: Architecture | None, network: Architecture, measure: Measure) -> Architecture:
    if network.gain is not None or network.outcome == "rejected":
        return network
    if before is None or before.best is None or network.best is None:
        return network
    return replace(network, gain=measure.change(before.best, network.best))


def files_of(run: Run) -> tuple[tuple[str, str], ...]:
    """Canonical file names by kind, the config file included."""
    config = run.config if run.config is not None and run.config.origin == "config" else None
    named = dict(run.canonical.names)
    if config is not None:
        named["config"] = config.file
    return tuple(named.items())


def switching_of(library: InForce) -> Switching:
    """Fixed intervals, the first of which only counts where it is longer (executed with 3.2.9); none in history mode."""
    if library.switch_mode != FIXED:
        return Switching(first_interval=None, interval=None)
    first = max(library.first_fixed_switch_num, library.fixed_switch_num)
    return Switching(first_interval=first, interval=library.fixed_switch_num)


def schedule_of(structure: Structure, measure: Measure | None) -> Schedule | None:
    """Schedule of the first phase in which the learning rate moved, else that of the first phase.

    Every phase starts a new scheduler, so that any of them can be replayed; the first has the longest series as a rule.
    """
    rated = [p for p in structure.phases if p.kind == "neuron" and p.learning_rate is not None]
    if not rated:
        return None
    phase: PhaseSeries = next((p for p in rated if change_places(p.learning_rate or ())), rated[0])
    file, sign = phase.learning_rate_file or phase.file, None if measure is None else measure.sign
    return identify(phase.series, phase.learning_rate or (), phase.first, file, sign)


def patience_never_drops(schedule: Schedule | None, library: InForce) -> bool | None:
    """M1: the scheduler is at least as patient as the library, so that no drop comes before a switch (C11)."""
    if schedule is None or schedule.patience is None or library.switch_mode != HISTORY:
        return None
    return schedule.patience >= library.n_epochs_to_switch - 1


def convergence_of(structure: Structure, measure: Measure, library: InForce, schedule: Schedule | None) -> Convergence | None:
    """Convergence of the stretch that was trained last; None without any phase."""
    neuron = [stretch_of(p, measure, truncated=p.truncated) for p in structure.phases if p.kind == "neuron"]
    if not neuron:
        return None
    last = _last_stretch(structure, measure) or neuron[-1]
    return convergence(
        last,
        neuron,
        measure,
        history=library.switch_mode == HISTORY,
        scheduler_patience=None if schedule is None else schedule.patience,
    )


def _last_stretch(structure: Structure, measure: Measure) -> Stretch | None:
    """The rejected try that ended the run, if that is how it ended."""
    rejected = [trial for trial in structure.trials if trial.kind == "rejected"]
    if structure.lifecycle.ended_by != "rejected" or not rejected:
        return None
    return stretch_of(rejected[-1], measure, truncated=False)


def stretch_of(part: PhaseSeries | Trial, measure: Measure, *, truncated: bool) -> Stretch:
    """A phase or a trial as the convergence analysis sees it."""
    return Stretch(
        goodness=measure.goodness(part.series), first=part.first, sets=part.sets, file=part.file, truncated=truncated
    )
