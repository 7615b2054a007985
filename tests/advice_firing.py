"""Built analyses that fire the rules: for each code at least one, for the branches of a rule more."""

from dataclasses import replace
from typing import Any

from advice_cases import (
    addition,
    architecture,
    case,
    generalization,
    improved_run,
    modules,
    phase,
    premature,
    settings_with,
    stability,
    with_gain,
    with_settings,
)
from configs import config

from pai_report.advice.rule import Case
from pai_report.analysis.model import Analysis, Convergence, Disagreement, LrChange, Module, Modules, Phase, Schedule
from pai_report.run.model import Config, Note, ScriptFacts


def _identity(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, identity=replace(run.identity, **changed))


def _lifecycle(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, lifecycle=replace(run.lifecycle, **changed))


def _gains(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, gains=replace(run.gains, **changed))


def _budget(**changed: Any) -> Analysis:
    run = improved_run()
    budget = replace(run.lifecycle.budget, **changed)
    return replace(run, lifecycle=replace(run.lifecycle, budget=budget, ended_by="rejected", rejected_tries=2))


def _rejected(**changed: Any) -> Analysis:
    held = architecture(1, 80.4, 0.4, None, outcome="rejected", tries=2, shortfall=0.1)
    run = _lifecycle(kept=0, tried=1, attempts=2, rejected_tries=2, switch_epochs=(), ended_by="rejected", **changed)
    base = run.gains.architectures[0]
    return replace(
        run, gains=replace(run.gains, gain=None, gain_class=None, test=None, best=80.0, best_sets=0, architectures=(base, held))
    )


def _script(setter: str) -> ScriptFacts:
    return ScriptFacts(
        file="train.py", entry_point="perforate_model", save_name="runX", save_name_from="constant", setters=((setter, 12),)
    )


def _converging(**changed: Any) -> Convergence:
    held = improved_run().convergence
    assert held is not None
    return replace(held, **changed)


def _schedule(kind: Any, **held: Any) -> Schedule:
    plain = improved_run().schedule
    assert plain is not None
    return replace(plain, **{"kind": kind, "patience": None, "factor": None, **held})


def _config(**held: Any) -> Config:
    return replace(config(**held), file="runX_config.json")


def _point(file: str | None, **changed: Any) -> Disagreement:
    """The switch rows count one set, the parameter counts and the best rows two."""
    plain = Disagreement(
        about="sets",
        file=file,
        others=("runXparam_counts.csv", "runX_best_arch_scores.csv"),
        row=None,
        expected=2,
        read=1,
    )
    return replace(plain, **changed)


def _disagreeing(file: str | None, about: str) -> Analysis:
    """One point on which tables do not tell the same: 30.5 against 80.5."""
    return improved_run(disagreements=(_point(file, about=about, row=7, expected=80.5, read=30.5),))


def _drop(epoch: int) -> LrChange:
    return LrChange(
        epoch=epoch,
        old=0.01,
        new=0.001,
        restart=False,
        best_before=80.0,
        best_after=79.9,
        gain=-0.1,
        improving_before=False,
        gain_rate_ratio=None,
        immediate_jump=False,
    )


def _waiting() -> Phase:
    """A phase that had its best score at epoch 5 and then fourteen epochs at 0.01 that swing by 1.2 % of it."""
    held = replace(stability("moderate"), sigma=0.96, relative=0.012)
    rates = (0.01,) * 20
    return phase(0, lr_still_high=True, best_epoch=5, stability=held, learning_rate=rates, learning_rate_file="runXlr.csv")


def _in_vain(sets: int, **changed: Any) -> Phase:
    """A phase with its best score at its epoch 5 and a drop from 0.01 at its epoch 9."""
    return phase(sets, **{"best_epoch": 20 * sets + 5, "lr_changes": (_drop(20 * sets + 9),), **changed})


def _unstable(sets: int, **changed: Any) -> Analysis:
    phases = tuple(phase(held, stability=stability("unstable" if held >= sets else "stable")) for held in range(3))
    return improved_run(phases=phases, **changed)


def _smooth() -> Analysis:
    return with_gain(improved_run(), 0.4, "within-noise")


def _misaligned() -> Analysis:
    run = improved_run()
    held = replace(generalization(2.0), comparable=False, not_comparable="misaligned", points=(), level=None)
    track = replace(run.track, extras=(("Train", "train", (80.0,) * 24),))
    return replace(run, generalization=held, track=track)


def _early(**changed: str) -> Analysis:
    return with_settings(improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2))), **changed)


def _never(**changed: str) -> Analysis:
    return with_settings(_lifecycle(attempted="no", kept=0, tried=0, attempts=0, switch_epochs=()), **changed)


def _poor(**changed: Any) -> Analysis:
    run = improved_run()
    return replace(run, efficiency=replace(run.efficiency, marginal=(3.0, 0.1)), **changed)


def unscored(*names: str) -> Modules:
    """Modules of which only the names are known."""
    held = tuple(
        Module(name=name, per_set=(), score=None, lowest=None, highest=None, tier=None, position=place)
        for place, name in enumerate(names)
    )
    return Modules(file="runXBest PBScores.csv", scored=False, modules=held, phases=0, below_checklist_limit=0)


FIRES: dict[str, Analysis] = {
    "PAI001": improved_run(wrong_direction=True),
    "PAI002": _identity(capacity_test=True),
    "PAI003": _identity(script=_script("set_n_epochs_for_switch_history")),
    "PAI004": _identity(
        script=replace(_script("set_max_dendrites"), settings=(("max_dendrites", "3", 12),)),
        config=_config(max_dendrites=5),
    ),
    "PAI005": _lifecycle(leftovers=4),
    "PAI007": replace(improved_run(), track=replace(improved_run().track, recorded_gaps=(5,))),
    "PAI008": _gains(architectures=(architecture(0, -67.5, None), architecture(1, -60.0, 7.5, "real"))),
    "PAI009": _identity(direction="minimize", settings=settings_with(history_lookback="10")),
    "PAI010": replace(improved_run(), timing=replace(improved_run().timing, patience_never_drops=True)),
    "PAI011": improved_run(additions=(addition(1, lr_after=1e-8),)),
    "PAI012": _identity(direction="undecided"),
    "PAI013": _misaligned(),
    "PAI014": replace(improved_run(), efficiency=replace(improved_run().efficiency, doubled_base=True)),
    "PAI015": _gains(test_is_copy=True),
    "PAI020": improved_run(
        notes=(
            Note(
                slug="git-lfs-pointer",
                text="It is a pointer of Git LFS; its content was not fetched. Fetch it with `git lfs pull`.",
                file="runXlearning_rate.csv",
                kind="learning-rate",
            ),
        )
    ),
    "PAI016": _identity(partial=True),
    "PAI017": improved_run(flat_dendrite_phase_broken=True, phases=(phase(0), phase(0, kind="dendrite"), phase(1), phase(2))),
    "PAI025": improved_run(disagreements=(_point("runXswitch_epochs.csv"),)),
    "PAI026": improved_run(disagreements=(_point(None),)),
    "PAI050": _lifecycle(attempted="no", kept=0, tried=0, attempts=0, switch_epochs=()),
    "PAI019": replace(
        _gains(architectures=(architecture(0, 80.0, None), architecture(1, 83.0, 3.0, "real", parameters=500))),
        added_nothing=(1,),
        lifecycle=replace(improved_run().lifecycle, kept=1),
    ),
    "PAI021": improved_run(
        track=replace(improved_run().track, validation=(10.0,) * 60),
        never_changes=True,
    ),
    "PAI052": _lifecycle(kept=1, tried=1, unscored_set=1, last_set_proven=False, finished=False, ended_by="stopped"),
    "PAI051": _lifecycle(attempted="at-first-switch", kept=0, tried=0, attempts=0, switch_epochs=()),
    "PAI060": _rejected(),
    "PAI061": with_gain(improved_run(), 0.4, "within-noise"),
    "PAI062": _rejected(),
    "PAI063": with_gain(improved_run(), -2.0, None),
    "PAI070": improved_run(phases=(phase(0), phase(1), phase(2, stability=stability("unstable")))),
    "PAI101": _gains(optimal=1, course="diminishing"),
    "PAI102": with_settings(improved_run(), max_dendrites="2"),
    "PAI201": improved_run(phases=(phase(0, premature=premature()), phase(1), phase(2))),
    "PAI202": _gains(
        too_frequent=True,
        architectures=(
            architecture(0, 80.0, None),
            architecture(1, 84.8, 4.8, "real"),
            architecture(2, 85.0, 0.2, "within-noise"),
        ),
    ),
    "PAI203": _gains(rare_but_helpful=True),
    "PAI301": improved_run(modules=modules(0.004, 0.03, 0.05)),
    "PAI302": improved_run(modules=modules(0.0, 0.03)),
    "PAI303": improved_run(modules=modules(0.025, 0.03)),
    "PAI401": improved_run(phases=(phase(0, lr_dropped_too_quickly=True), phase(1), phase(2))),
    "PAI402": improved_run(phases=(_waiting(), phase(1), phase(2))),
    "PAI403": improved_run(phases=tuple(_in_vain(sets) for sets in range(3))),
    "PAI501": improved_run(additions=(addition(1, dip=9.0, dip_relative=0.11, spike=True, cause="initialisation"),)),
    "PAI502": improved_run(
        additions=(
            addition(
                1,
                dip=9.0,
                dip_relative=0.11,
                spike=True,
                cause="learning-rate-restart",
                lr_ratio=10.0,
                lr_before=0.001,
                lr_after=0.01,
            ),
        )
    ),
    "PAI503": _smooth(),
    "PAI601": improved_run(convergence=_converging(converged=False, still_improving=True)),
    "PAI602": improved_run(convergence=_converging(converged_early=True, largest_wait=3, wait_epochs=(2, 5), could_lower_to=6)),
    "PAI603": _budget(lr_search=40),
    "PAI604": _budget(rejected=40),
    "PAI701": with_settings(improved_run(), module_names_to_perforate="['Linear']"),
    "PAI702": with_settings(improved_run(), module_ids_to_track="['.conv1', '.conv2']"),
    "PAI801": improved_run(generalization=generalization(21.0)),
    "PAI802": improved_run(generalization=generalization(7.0)),
    "PAI901": with_gain(improved_run(), 0.4, "within-noise"),
    "PAI902": replace(improved_run(), efficiency=replace(improved_run().efficiency, original=1000)),
}


BRANCHES: dict[str, tuple[str, Case]] = {
    name: (name.partition(" ")[0], case(held))
    for name, held in {
        "PAI001 hint": improved_run(wrong_direction_hint=True),
        "PAI001 minimize": replace(
            _identity(direction="minimize", settings=settings_with(maximizing_score="False")), wrong_direction=True
        ),
        "PAI002 every epoch": with_settings(_identity(every_epoch=True), switch_mode="0", testing_dendrite_capacity="True"),
        "PAI003 typing error": _identity(script=_script("set_max_dendrite")),
        "PAI003 no such thing": _identity(script=_script("set_debugging_memory_leak")),
        "PAI003 nothing like it": _identity(script=_script("append_something_else_entirely")),
        "PAI003 old name": _identity(script=_script("set_module_names_to_convert")),
        "PAI004 list": _identity(
            script=replace(_script("set_improvement_threshold"), settings=(("improvement_threshold", "[0.01, 0]", 7),)),
            config=_config(improvement_threshold=[0.001, 0.0001, 0.0]),
        ),
        "PAI008 shift": replace(
            FIRES["PAI008"],
            track=replace(improved_run().track, validation=(-70.0, -67.5, -60.0)),
        ),
        "PAI009 maximize": _identity(lookback_differs=True),
        **{
            f"PAI025 {about}": improved_run(
                disagreements=(_point("runXScores.csv", about=about, row=7, expected=80.5, read=30.5),)
            )
            for about in ("switch-epochs", "sizes", "best-scores", "epochs")
        },
        **{f"PAI026 {about}": _disagreeing(None, about) for about in ("switch-epochs", "sizes", "best-scores", "epochs")},
        "PAI025 two files": improved_run(
            disagreements=(_point("runXswitch_epochs.csv"), _point("runXScores.csv", about="epochs"))
        ),
        "PAI050 never switches": _never(switch_mode="3"),
        "PAI050 fixed interval": _never(switch_mode="2"),
        "PAI050 without dendrites": replace(
            _never(), identity=replace(improved_run().identity, config=_config(doing_pai=False))
        ),
        "PAI050 still improving": replace(_never(), convergence=_converging(converged=False, still_improving=True)),
        "PAI050 minimize": replace(_never(), identity=replace(improved_run().identity, direction="minimize")),
        "PAI050 long way to go": replace(
            _never(max_dendrites="100"), timing=replace(improved_run().timing, minimum_to_first_switch=72)
        ),
        "PAI051 inside": _lifecycle(attempted="inside-first-phase", kept=0, tried=0, attempts=0, switch_epochs=(19,)),
        "PAI051 comma": replace(
            FIRES["PAI051"], track=replace(improved_run().track, extras=(("Train, acc", "train", (1.0,) * 60),))
        ),
        "PAI060 unfinished": replace(FIRES["PAI060"], lifecycle=replace(FIRES["PAI060"].lifecycle, finished=None)),
        "PAI062 one entry": with_settings(FIRES["PAI062"], improvement_threshold="[0.02]"),
        "PAI062 first entry": with_settings(FIRES["PAI062"], improvement_threshold="[0.02, 0.02]"),
        "PAI063 retained": with_settings(FIRES["PAI063"], retain_all_dendrites="True"),
        "PAI070 base": _unstable(0, schedule=None),
        "PAI070 with dendrites": _unstable(1, schedule=_schedule("cosine", t_max=50)),
        "PAI101 unproven": replace(FIRES["PAI101"], lifecycle=replace(improved_run().lifecycle, last_set_proven=False)),
        "PAI102 stopped": _lifecycle(ended_by="stopped", finished=False),
        "PAI201 fixed": _early(switch_mode="2", fixed_switch_num="8", first_fixed_switch_num="8"),
        "PAI201 mode not known": replace(
            _early(), identity=replace(improved_run().identity, settings=settings_with("default"))
        ),
        "PAI201 too short": improved_run(
            phases=(
                phase(0, premature=premature(fired=None, before=None, after=None, epochs=None, short_fixed=True)),
                phase(1),
                phase(2),
            )
        ),
        "PAI202 promising set later": _gains(
            too_frequent=True,
            architectures=(
                architecture(0, 80.0, None),
                architecture(1, 80.2, 0.2, "within-noise"),
                architecture(2, 81.0, 0.8, "uncertain"),
            ),
        ),
        "PAI203 narrow": _gains(
            rare_but_helpful=True,
            architectures=(
                *improved_run().gains.architectures,
                architecture(3, 85.4, 0.4, None, outcome="rejected", shortfall=0.1),
            ),
        ),
        "PAI302 zero": improved_run(modules=modules(0.0, 0.0)),
        "PAI303 excluded": with_settings(improved_run(modules=modules(0.025, 0.03)), module_ids_to_track="['.conv1']"),
        **{
            f"PAI401 {held.kind}": replace(FIRES["PAI401"], schedule=held)
            for held in (
                _schedule("step", step_size=5, factor=0.5),
                _schedule("exponential", factor=0.9),
                _schedule("cosine", t_max=40),
                _schedule("linear"),
            )
        },
        **{
            f"PAI402 {held.kind}": replace(FIRES["PAI402"], schedule=held)
            for held in (
                _schedule("step", step_size=10, factor=0.5),
                _schedule("exponential", factor=0.95),
                _schedule("cosine", t_max=40),
                _schedule("linear"),
            )
        },
        "PAI403 some": improved_run(phases=(_in_vain(0), _in_vain(1), _in_vain(2, best_epoch=52))),
        "PAI403 other schedule": replace(
            improved_run(phases=tuple(_in_vain(sets, learning_rate=(0.01,) * 9 + (0.001,) * 11) for sets in range(3))),
            schedule=_schedule("step-like"),
        ),
        "PAI401 minimize": replace(FIRES["PAI401"], identity=replace(improved_run().identity, direction="minimize")),
        "PAI502 without search": with_settings(FIRES["PAI502"], find_best_lr="False"),
        "PAI601 fixed": with_settings(FIRES["PAI601"], switch_mode="2", fixed_switch_num="30"),
        "PAI601 loop left": replace(FIRES["PAI601"], lifecycle=replace(improved_run().lifecycle, ended_by="stopped")),
        "PAI801 loss": replace(FIRES["PAI801"], identity=replace(improved_run().identity, scale="free", points_per_unit=None)),
        "PAI901 last set poor": _poor(),
        "PAI901 by correlation": _poor(modules=modules(0.004, 0.03, 0.05)),
        "PAI901 by position": _poor(modules=unscored(".conv1", ".conv2", ".conv3", ".fc1", ".fc2")),
        "PAI901 all good": _poor(modules=modules(0.03, 0.05)),
        "PAI902 by position": replace(FIRES["PAI902"], modules=unscored(".conv1", ".fc1")),
    }.items()
}
