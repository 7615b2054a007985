"""Built analyses for tests of the advice: a plain run with two kept sets, and ways to change it."""

from dataclasses import replace
from typing import Any

from pai_report.advice.rule import Case
from pai_report.advice.verdict import verdict_code
from pai_report.analysis.model import (
    Addition,
    Analysis,
    Architecture,
    Change,
    Convergence,
    Efficiency,
    EpochBudget,
    Gains,
    GapPoint,
    Generalization,
    Identity,
    Lifecycle,
    Module,
    Modules,
    NoiseTest,
    Phase,
    Plateau,
    Premature,
    Schedule,
    Stability,
    SwitchTiming,
    Track,
)
from pai_report.library import Setting
from pai_report.settings import Settings

DEFAULTS = {
    "testing_dendrite_capacity": "False",
    "switch_mode": "1",
    "n_epochs_to_switch": "10",
    "fixed_switch_num": "250",
    "first_fixed_switch_num": "-1",
    "improvement_threshold": "[0.001, 0.0001, 0.0]",
    "improvement_threshold_raw": "1e-05",
    "max_dendrites": "5",
    "max_dendrite_tries": "2",
    "history_lookback": "1",
    "find_best_lr": "True",
    "retain_all_dendrites": "False",
    "candidate_weight_initialization_multiplier": "0.01",
    "module_names_to_perforate": "['PAISequential', 'Conv1d', 'Conv2d', 'Conv3d', 'Linear']",
    "module_ids_to_track": "[]",
    "maximizing_score": "True",
    "perforated_backpropagation": "False",
}


def settings_with(origin: Any = "config", **changed: str) -> tuple[Setting, ...]:
    """The settings in force, all from the config file unless said otherwise."""
    held = {**DEFAULTS, **changed}
    return tuple(Setting(name=name, value=text, origin=origin, file="runX_config.json") for name, text in held.items())


def change(points: float) -> Change:
    """A gain of `points` on a percentage score that counts 500 samples (0.2 points each), from 80."""
    return Change(absolute=points, relative=points / 80, points=points, samples=points / 0.2)


def noise_test(points: float, gain_class: Any) -> NoiseTest:
    """A noise test with the class given."""
    return NoiseTest(
        gain=change(points),
        sigma=0.3,
        sigma_from="snapshots",
        autocorrelation=0.1,
        epochs_before=30,
        epochs_after=60,
        expected=0.1,
        deviation=0.3,
        p=0.01 if gain_class == "real" else 0.5,
        floor=0.6,
        sign_p=None,
        test_change=None,
        gain_class=gain_class,
        moved_by_test=None,
        optimistic=False,
    )


def architecture(sets: int, best: float, gained: float | None, gain_class: Any = None, **changed: Any) -> Architecture:
    """One row of the best scores."""
    plain = Architecture(
        sets=sets,
        outcome="base" if sets == 0 else "kept",
        tries=None,
        parameters=500 * (sets + 1),
        best=best,
        epoch=20 * (sets + 1),
        file="runX_best_arch_scores.csv",
        extras=(),
        gain=None if gained is None else change(gained),
        test=None if gain_class is None or gained is None else noise_test(gained, gain_class),
        shortfall=None,
    )
    return replace(plain, **changed)


def phase(sets: int, **changed: Any) -> Phase:
    """A plain neuron phase of 20 epochs that ended on a plateau."""
    plain = Phase(
        sets=sets,
        kind="neuron",
        first=20 * sets,
        last=20 * sets + 19,
        real_first=20 * sets,
        real_last=20 * sets + 19,
        best=80.0 + sets,
        best_epoch=20 * sets + 19,
        series=tuple(70.0 + step / 2 for step in range(20)),
        learning_rate=None,
        train=None,
        test=None,
        file=f"runX_beforeSwitch_{2 * sets}Scores.csv",
        truncated=False,
        plateau=Plateau(flat=True, trend=None, tolerance=0.1),
        premature=None if sets == 2 else not_premature(),
        stability=stability("stable"),
        lr_changes=(),
        lr_still_high=False,
        lr_dropped_too_quickly=False,
    )
    return replace(plain, **changed)


def not_premature() -> Premature:
    """A phase that had stopped improving."""
    return Premature(
        fired=False,
        confidence="high",
        by_trend=False,
        by_last_best=False,
        before=79.9,
        after=80.0,
        rise_relative=0.001,
        rise_points=0.1,
        epochs=(15, 19),
        untestable=None,
        short_fixed=False,
    )


def premature(**changed: Any) -> Premature:
    """A phase that was still rising by 12 points in its last five epochs."""
    rising = replace(not_premature(), fired=True, by_trend=True, before=70.0, after=82.0, rise_relative=0.17, rise_points=12.0)
    return replace(rising, **changed)


def stability(level: Any) -> Stability:
    """The spread late in a phase."""
    relative = {"stable": 0.002, "moderate": 0.01, "unstable": 0.05}[level]
    return Stability(
        epochs=(10, 19),
        sigma=80 * relative,
        deviation=80 * relative,
        variance=(80 * relative) ** 2,
        relative=relative,
        level=level,
        spikes=(),
    )


def addition(set_number: int = 1, **changed: Any) -> Addition:
    """A set that was added without any fall."""
    plain = Addition(
        set_number=set_number,
        epoch=20 * set_number - 1,
        real_epoch=None,
        best_before=80.0,
        best_after=80.2,
        change=0.2,
        previous_best=80.0,
        dip=0.2,
        dip_relative=0.0025,
        recovered=True,
        spike=False,
        lr_ratio=1.0,
        lr_before=0.01,
        lr_after=0.01,
        cause=None,
    )
    return replace(plain, **changed)


def generalization(gap: float) -> Generalization:
    """Training `gap` points above validation with two sets, level with it without."""
    level: Any = "overfitting" if gap > 10 else "notice" if gap > 5 else "ok"
    points = tuple(
        GapPoint(
            sets=sets,
            train=80.0 + held,
            validation=80.0,
            test=None,
            gap=held,
            points=held,
            test_gap=None,
            file="runX_best_arch_scores.csv",
            epoch=20 * sets + 19,
        )
        for sets, held in ((0, 1.0), (2, gap))
    )
    return Generalization(
        column="Train",
        comparable=True,
        not_comparable=None,
        points=points,
        level=level,
        relative=gap / 80,
        diverging=False,
        growth=gap - 1.0,
        test_level=None,
    )


def modules(*scores: float) -> Modules:
    """Modules with these median correlation scores."""

    def tier(score: float) -> Any:
        return "not-learning" if score < 0.001 else "low" if score < 0.01 else "marginal" if score < 0.02 else "good"

    held = tuple(
        Module(
            name=f".layer{place}", per_set=(score,), score=score, lowest=score, highest=score, tier=tier(score), position=place
        )
        for place, score in enumerate(scores)
    )
    return Modules(file="runXBest PBScores.csv", scored=True, modules=held, phases=1, below_checklist_limit=len(scores))


def improved_run(**changed: Any) -> Analysis:
    """A finished run with two kept sets, gains of 3 and 2 points beyond the noise, nothing wrong with it."""
    plain = Analysis(
        identity=Identity(
            save_name="runX",
            folder="runX",
            direction="maximize",
            direction_from="config",
            mode="gd",
            mode_from="switch-rows",
            versions=("3.1.4", "3.2.9"),
            scale="percent",
            points_per_unit=1.0,
            quantum=0.2,
            n_validation=500,
            lookback_differs=False,
            capacity_test=False,
            every_epoch=False,
            partial=False,
            settings=settings_with(),
            config=None,
            script=None,
        ),
        lifecycle=Lifecycle(
            switch_epochs=(19, 19, 39, 39),
            kept=2,
            last_set_proven=True,
            tried=2,
            attempts=2,
            rejected_tries=0,
            attempted="yes",
            finished=True,
            ended_by="max-reached",
            budget=EpochBudget(
                recorded=60,
                trained=90,
                at_least=90,
                committed=60,
                patience=30,
                lr_search=0,
                rejected=0,
                seconds=None,
                lr_search_by_set=(),
                end_if_stopped_at_kept=90,
            ),
            snapshots=4,
            leftovers=0,
        ),
        track=Track(
            file="runXScores.csv",
            validation=tuple(70.0 + step / 4 for step in range(60)),
            running=None,
            extras=(),
            learning_rate=(0.01,) * 60,
            learning_rate_file="runXlearning_rate.csv",
            epoch_seconds=None,
            recorded_gaps=(),
        ),
        phases=(phase(0), phase(1), phase(2)),
        additions=(addition(1), addition(2)),
        gains=Gains(
            initial=10.0,
            baseline=80.0,
            baseline_epoch=19,
            best=85.0,
            best_epoch=59,
            best_sets=2,
            last_real=84.8,
            overall=change(75.0),
            gain=change(5.0),
            error_removed=0.25,
            test=noise_test(5.0, "real"),
            gain_class="real",
            architectures=(architecture(0, 80.0, None), architecture(1, 83.0, 3.0, "real"), architecture(2, 85.0, 2.0, "real")),
            most_impactful=1,
            optimal=2,
            optimal_tolerance=0.6,
            course="equal",
            too_frequent=False,
            rare_but_helpful=False,
            test_is_copy=False,
            best_scores_rebuilt=False,
        ),
        schedule=Schedule(
            kind="plateau",
            factor=0.1,
            patience=4,
            step_size=None,
            t_max=None,
            eta_min=None,
            candidates=(4,),
            epochs=(0, 19),
            file="runX_beforeSwitch_0learning_rate.csv",
        ),
        generalization=generalization(2.0),
        modules=None,
        efficiency=Efficiency(
            baseline=500,
            best=1500,
            final=1500,
            growth=2.0,
            doubled_base=False,
            gain_per_growth=2.5,
            marginal=(3.0, 2.0),
            perforated=500,
            neurons=20,
            tracked=0,
            next_set=2100,
            original=None,
        ),
        convergence=Convergence(
            converged=True,
            still_improving=False,
            file="runXbefore_finalScores.csv",
            epochs=(50, 59),
            converged_early=False,
            largest_wait=6,
            could_lower_to=None,
            wait_file="runX_beforeSwitch_0Scores.csv",
            wait_epochs=(3, 9),
        ),
        timing=SwitchTiming(
            intervals=(20, 20), committed_intervals=(20, 20), minimum_to_first_switch=30, patience_never_drops=False
        ),
        wrong_direction=False,
        wrong_direction_hint=False,
        flat_dendrite_phase_broken=False,
        missing=(),
        notes=(),
        ignored=(),
        sources=(),
        picture=None,
        files=(
            ("scores", "runXScores.csv"),
            ("best-scores", "runX_best_arch_scores.csv"),
            ("switch-epochs", "runXswitch_epochs.csv"),
        ),
    )
    return replace(plain, **changed)


def case(analysis: Analysis, settings: Settings | None = None) -> Case:
    """The case a rule would be given for `analysis`."""
    return Case(analysis=analysis, settings=settings or Settings(), verdict=verdict_code(analysis))


def with_settings(analysis: Analysis, **changed: str) -> Analysis:
    """`analysis` with library settings changed in its config."""
    return replace(analysis, identity=replace(analysis.identity, settings=settings_with(**changed)))


def with_gain(analysis: Analysis, points: float, gain_class: Any) -> Analysis:
    """`analysis` with another gain and class."""
    gains = replace(
        analysis.gains, gain=change(points), gain_class=gain_class, test=noise_test(points, gain_class), best=80.0 + points
    )
    return replace(analysis, gains=gains)
