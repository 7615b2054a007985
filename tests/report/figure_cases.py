"""Analyses for tests of the pictures: a plain run with one kept and one rejected set, and ways to change it."""

from dataclasses import replace
from typing import Any

from pai_report.analysis.model import (
    Analysis,
    Architecture,
    Change,
    Efficiency,
    EpochBudget,
    ExtraScore,
    Gains,
    GapPoint,
    Generalization,
    Identity,
    Lifecycle,
    LrChange,
    Module,
    Modules,
    NoiseTest,
    Phase,
    Plateau,
    Scores,
    SwitchTiming,
    Track,
)

HOSTILE = "a $x$ & <b> \u202e\x07 \N{SNOWMAN} " + "very.long.module.name." * 4
EXTREMES = ("many-sets", "undecided", "hundred-sets", "modules", "negative", "huge", "tiny", "constant")
# Ten epochs without dendrites, best 80 at epoch 9; ten with one set, best 84 at epoch 19; two rolled back after each.
# fmt: off
VALIDATION = (
    20.0, 50.0, 65.0, 70.0, 74.0, 76.0, 78.0, 79.0, 79.5, 80.0,
    78.0, 81.0, 82.0, 81.5, 82.5, 83.0, 82.0, 83.5, 83.0, 84.0,
)
# fmt: on
TRAIN = tuple(score + 6 for score in VALIDATION)
TEST = tuple(score - 1 for score in VALIDATION)
RATES: Scores = (0.1,) * 6 + (0.01,) * 4 + (0.1,) * 6 + (0.001,) * 4
SECONDS = (1.0,) * 10 + (2.0,) * 10
TAILS = (79.0, 79.2), (83.0, 83.1)


def change(absolute: float) -> Change:
    """A gain on a percentage score of 200 samples, 0.5 points each."""
    return Change(absolute=absolute, relative=absolute / 80, points=absolute, samples=absolute / 0.5)


def noise(gain: float, test: float | None) -> NoiseTest:
    """A noise test whose floor is 1.5 points."""
    return NoiseTest(
        gain=change(gain),
        sigma=0.5,
        sigma_from="snapshots",
        autocorrelation=0.0,
        epochs_before=12,
        epochs_after=12,
        expected=0.4,
        deviation=0.7,
        p=0.001,
        floor=1.5,
        sign_p=None,
        test_change=None if test is None else change(test),
        gain_class="real",
        moved_by_test=None,
        optimistic=False,
    )


def architecture(sets: int, best: float | None, **changed: Any) -> Architecture:
    """The network with `sets` sets: 500 parameters each, its train score 6 above, its test score 1 below validation."""
    extras = () if best is None else (("Train", "train", best + 6), ("Test", "test", best - 1))
    plain = Architecture(
        sets=sets,
        outcome="kept" if sets else "base",
        tries=None,
        parameters=500 * (sets + 1),
        best=best,
        epoch=10 * sets + 9,
        file="run_best_arch_scores.csv",
        extras=tuple(ExtraScore(name=name, role=role, value=held, copy_of_validation=False) for name, role, held in extras),  # type: ignore[arg-type]
        gain=None,
        test=None,
        shortfall=None,
    )
    return replace(plain, **changed)


def phase(sets: int, **changed: Any) -> Phase:
    """Ten epochs with `sets` sets and the two that were rolled back."""
    first = 10 * sets
    plain = Phase(
        sets=sets,
        kind="neuron",
        first=first,
        last=first + 9,
        real_first=None,
        real_last=None,
        best=VALIDATION[first + 9],
        best_epoch=first + 9,
        series=VALIDATION[first : first + 10] + TAILS[sets % 2],
        learning_rate=(*RATES[first : first + 10], 0.001, 0.001),
        train=(*TRAIN[first : first + 10], 90.0, 90.0),
        test=(*TEST[first : first + 10], 82.0, 82.0),
        file=f"run_beforeSwitch_{2 * sets}Scores.csv",
        truncated=False,
        plateau=Plateau(flat=True, trend=None, tolerance=0.1),
        premature=None,
        stability=None,
        lr_changes=(),
        lr_still_high=False,
        lr_dropped_too_quickly=False,
    )
    return replace(plain, **changed)


def lr_change(epoch: int, **changed: Any) -> LrChange:
    """A drop to a tenth, followed by a jump of 3 points."""
    plain = LrChange(
        epoch=epoch,
        old=0.1,
        new=0.01,
        restart=False,
        best_before=76.0,
        best_after=79.0,
        gain=3.0,
        improving_before=False,
        gain_rate_ratio=None,
        immediate_jump=True,
    )
    return replace(plain, **changed)


def module(name: str, score: float, position: int = 0, **changed: Any) -> Module:
    """A module whose two scores lie 10 % around their median."""
    plain = Module(
        name=name,
        per_set=(score * 0.9, score * 1.1),
        score=score,
        lowest=score * 0.9,
        highest=score * 1.1,
        tier="good" if score > 0.02 else "low",
        position=position,
    )
    return replace(plain, **changed)


def with_modules(*modules: Module) -> Modules:
    """Scored modules."""
    return Modules(file="runBest PBScores.csv", scored=True, modules=modules, phases=2, below_checklist_limit=0)


def plain_run(**changed: Any) -> Analysis:
    """One set kept (80 to 84, test 79 to 83), a second rejected after two tries at 83.5."""
    rows = (
        architecture(0, 80.0),
        architecture(1, 84.0, gain=change(4.0), test=noise(4.0, 4.0)),
        architecture(2, 83.5, outcome="rejected", tries=2, epoch=None, gain=change(-0.5), extras=()),
    )
    gains = Gains(
        initial=20.0,
        baseline=80.0,
        baseline_epoch=9,
        best=84.0,
        best_epoch=19,
        best_sets=1,
        last_real=83.1,
        overall=change(64.0),
        gain=change(4.0),
        error_removed=0.2,
        test=noise(4.0, 4.0),
        gain_class="real",
        architectures=rows,
        most_impactful=1,
        optimal=1,
        optimal_tolerance=0.5,
        course=None,
        too_frequent=False,
        rare_but_helpful=False,
        test_is_copy=False,
        best_scores_rebuilt=False,
    )
    plain = Analysis(
        identity=identity(),
        lifecycle=lifecycle(),
        track=track(),
        phases=(phase(0, lr_changes=(lr_change(6),)), phase(1, lr_changes=(lr_change(10, restart=True, old=0.01, new=0.1),))),
        additions=(),
        gains=gains,
        schedule=None,
        generalization=generalization(),
        modules=None,
        efficiency=efficiency(),
        convergence=None,
        timing=SwitchTiming(intervals=(), committed_intervals=(), minimum_to_first_switch=None, patience_never_drops=None),
        wrong_direction=False,
        wrong_direction_hint=False,
        flat_dendrite_phase_broken=False,
        missing=(),
        notes=(),
        ignored=(),
        sources=(),
        picture=None,
    )
    return replace(plain, **changed)


def identity(**changed: Any) -> Identity:
    """A percentage score that counts 200 samples."""
    plain = Identity(
        save_name="run",
        folder="run",
        direction="maximize",
        direction_from="config",
        mode="gd",
        mode_from="switch-rows",
        versions=None,
        scale="percent",
        points_per_unit=1.0,
        quantum=0.5,
        n_validation=200,
        lookback_differs=False,
        capacity_test=False,
        every_epoch=False,
        partial=False,
        settings=(),
        config=None,
        script=None,
    )
    return replace(plain, **changed)


def lifecycle(**changed: Any) -> Lifecycle:
    """Fifty epochs trained: 20 kept, 4 of patience, 6 of search, 20 in rejected tries."""
    budget = EpochBudget(
        recorded=20,
        trained=50,
        at_least=50,
        committed=20,
        patience=4,
        lr_search=6,
        rejected=20,
        seconds=(("committed", 30.0), ("patience", 6.0), ("lr_search", 12.0), ("rejected", 40.0)),
        lr_search_by_set=((1, 6),),
        end_if_stopped_at_kept=None,
    )
    plain = Lifecycle(
        switch_epochs=(9, 9),
        kept=1,
        last_set_proven=True,
        tried=2,
        attempts=3,
        rejected_tries=2,
        attempted="yes",
        finished=True,
        ended_by="rejected",
        budget=budget,
        snapshots=4,
        leftovers=0,
    )
    return replace(plain, **changed)


def track(**changed: Any) -> Track:
    """The recorded series."""
    plain = Track(
        file="runScores.csv",
        validation=VALIDATION,
        running=VALIDATION,
        extras=(("Train", "train", TRAIN), ("Test", "test", TEST)),
        learning_rate=RATES,
        learning_rate_file="runlearning_rate.csv",
        epoch_seconds=SECONDS,
        recorded_gaps=(),
    )
    return replace(plain, **changed)


def generalization(**changed: Any) -> Generalization:
    """Training 6 points above validation at both best epochs."""
    points = tuple(
        GapPoint(
            sets=sets,
            train=VALIDATION[epoch] + 6,
            validation=VALIDATION[epoch],
            test=None,
            gap=6.0,
            points=6.0,
            test_gap=None,
            file="runScores.csv",
            epoch=epoch,
        )
        for sets, epoch in ((0, 9), (1, 19))
    )
    plain = Generalization(
        column="Train",
        comparable=True,
        not_comparable=None,
        points=points,
        level="notice",
        relative=None,
        diverging=False,
        growth=0.0,
        test_level=None,
    )
    return replace(plain, **changed)


def efficiency(**changed: Any) -> Efficiency:
    """Twice the parameters."""
    plain = Efficiency(
        baseline=500,
        best=1000,
        final=1000,
        growth=1.0,
        doubled_base=False,
        gain_per_growth=4.0,
        marginal=(4.0,),
        perforated=None,
        neurons=None,
        tracked=None,
        next_set=1500,
        original=None,
    )
    return replace(plain, **changed)


def many_sets(count: int, direction: Any = "maximize") -> Analysis:
    """A set added every epoch: `count` sets, each of one epoch, each half a point better than the one before."""
    scores = tuple(50.0 + 0.5 * sets for sets in range(count + 1))
    phases = tuple(_one_epoch(sets, score) for sets, score in enumerate(scores))
    gained = (None, *(change(0.5) for _ in range(count)))
    rows = tuple(architecture(sets, scores[sets], epoch=sets, gain=gained[sets], extras=()) for sets in range(count + 1))
    decided = direction != "undecided"
    gains = replace(
        plain_run().gains,
        baseline=50.0 if decided else None,
        baseline_epoch=0 if decided else None,
        best=scores[-1] if decided else None,
        best_epoch=count if decided else None,
        best_sets=count if decided else None,
        architectures=rows,
    )
    recorded = track(validation=scores, running=scores, extras=(), learning_rate=(0.1,) * (count + 1), epoch_seconds=None)
    return plain_run(identity=identity(direction=direction), phases=phases, gains=gains, track=recorded, generalization=None)


def _one_epoch(sets: int, score: float) -> Phase:
    """A phase of one epoch."""
    held = phase(0, first=sets, last=sets, best=score, best_epoch=sets, series=(score,))
    return replace(held, sets=sets, learning_rate=(0.1,), train=None, test=None)


def long_run(epochs: int) -> Analysis:
    """A slow rise with noise in a pattern, a spike down to 10 at a quarter and a gap at a half, all series recorded."""
    scores: list[float | None] = [90 - 60 / (1 + epoch / 50) + (epoch * 7919 % 101) / 100 for epoch in range(epochs)]
    scores[epochs // 4] = 10.0
    scores[epochs // 2] = None
    held = tuple(scores)
    shifted = tuple(None if score is None else score + 5 for score in held)
    half = epochs // 2 - 1
    phases = (
        phase(0, first=0, last=half, series=held[: half + 1], learning_rate=None, train=None, test=None),
        phase(1, first=half + 1, last=epochs - 1, series=held[half + 1 :] * 2, learning_rate=None, train=None, test=None),
    )
    recorded = track(
        validation=held,
        running=shifted,
        extras=(("Train", "train", shifted), ("Test", "test", shifted)),
        learning_rate=tuple(0.1 / (1 + epoch % 97) for epoch in range(epochs)),
        epoch_seconds=tuple(1.0 + (epoch * 31 % 17) / 10 for epoch in range(epochs)),
        recorded_gaps=(epochs // 2,),
    )
    return plain_run(phases=phases, track=recorded, identity=identity(lookback_differs=True))


def extreme(name: str) -> Analysis:
    """An analysis at the edge of what a run may hold."""
    run = plain_run()
    if name == "many-sets":
        return many_sets(20)
    if name == "undecided":
        return many_sets(20, "undecided")
    if name == "hundred-sets":
        return many_sets(111)
    if name == "modules":
        return replace(run, modules=with_modules(*(module(f"{HOSTILE}{n}", 0.2 / (n + 1), n) for n in range(45))))
    factor = {"negative": -1.0, "huge": 1e30, "tiny": 1e-12, "constant": 0.0}[name]
    return scaled(run, factor)


def scaled(run: Analysis, factor: float) -> Analysis:
    """A free score: every score of `run` times `factor`; with a negative one the same run is minimised."""

    def held(values: tuple[float | None, ...] | None) -> tuple[float | None, ...] | None:
        return None if values is None else tuple(None if value is None else value * factor for value in values)

    phases = tuple(replace(phase, series=held(phase.series) or (), train=None, test=None) for phase in run.phases)
    rows = tuple(replace(row, best=(row.best or 0) * factor, extras=()) for row in run.gains.architectures)
    return replace(
        run,
        identity=identity(direction="minimize" if factor < 0 else "maximize", scale="free", points_per_unit=None),
        track=replace(run.track, validation=held(run.track.validation) or (), extras=()),
        phases=phases,
        gains=replace(run.gains, baseline=80 * factor, best=84 * factor, architectures=rows),
        generalization=None,
    )
