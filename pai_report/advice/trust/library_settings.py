"""Settings that did not do what the script's author believes."""

import json
from contextlib import suppress
from typing import Any

from pai_report.advice.model import Confidence, Evidence, Severity, Step
from pai_report.advice.phrases import Phrase, code, count, say
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import VALIDATION, change, minimizing, setting, setting_evidence, steps
from pai_report.library import Ignored, ignored, literal

IN_CHECKLIST = {"set_n_epochs_for_switch_history", "set_n_fixed_switch_num", "set_when_to_switch_mode"}
NO_SCRIPT = say("no training script was given")
RUNNING = "Validation Running Scores"
SHOWN = 6


@rule("PAI003", "setting-ignored", section="X", part="trust", ids=("X1", "F3", "C4", "T1.6"), needs="files", effort="script")
def setting_ignored(case: Case, this: RuleIdentity) -> Outcome:
    """The training script calls a setting that the library does not have.

    What it looks for: `set_…` or `append_…` calls on the configuration whose name the run's library version does not have.
    Why it matters: the library prints one line and ignores the call; the run used another value than its author believes.
    What to try: use the real name; for `n_epochs_for_switch_history` that is `n_epochs_to_switch`.
    When it is wrong: a setting newer than the versions this report knows, or one of a licensed add-on.
    Where it comes from: X1, C4, T1.6 (the checklist itself names such a setting).
    """
    script = case.analysis.identity.script
    if script is None:
        return this.not_applicable(NO_SCRIPT)
    judged = [(called, line, _ignored(case, called)) for called, line in script.setters]
    wrong = [(called, line, held) for called, line, held in judged if held is not None]
    if not wrong:
        return this.clear(say("{n} in the script, none known to be ignored", n=count(len(script.setters), "setter call")))
    first, _line, held = wrong[0]
    sure = any(found.sure for _called, _line, found in wrong)
    return this.fired(
        *_ignored_rank(sure=sure),
        say("The script calls `{wrong}`, which the library does not have and silently ignores", wrong=code(first)),
        tuple(Evidence(label=f"line {line}", value=code(called), file=script.file) for called, line, _held in wrong[:SHOWN]),
        why=(say("The run used the library's default instead of the value in the script."),),
        action=_correct(first, held),
        steps=tuple(Step(text=_instead(called, found)) for called, _line, found in wrong[:SHOWN]),
        next_check=say("The run's console output has no line “… does not exist. Ignoring set attempt.”"),
        differs=say("The checklist names {wrong}; no released version has it.", wrong=code(first))
        if first in IN_CHECKLIST
        else None,
    )


def _ignored_rank(*, sure: bool) -> tuple[Severity, Confidence]:
    """A name that circulates is certain; an unknown one may belong to a version that is newer than the table."""
    return ("invalid", "high") if sure else ("high", "medium")


def _correct(called: str, held: Ignored) -> Phrase:
    if held.right is None:
        return say("**Remove** `{wrong}`: it has no effect.", wrong=code(called))
    return say(
        "**Correct the setting**: `{right}` in place of `{wrong}`.", right=code(_setter(called, held.right)), wrong=code(called)
    )


def _instead(called: str, held: Ignored) -> Phrase:
    if held.right is None:
        return say("Remove `{wrong}`.", wrong=code(called))
    return say("Replace `{wrong}` by `{right}`.", wrong=code(called), right=code(_setter(called, held.right)))


def _ignored(case: Case, called: str) -> Ignored | None:
    identity = case.analysis.identity
    return ignored(identity.versions, called, gradient_descent=identity.mode == "gd")


def _setter(called: str, right: str) -> str:
    return f"{called.partition('_')[0]}_{right}"


@rule("PAI004", "config-differs-from-script", section="X", part="trust", ids=("X2", "F3"), needs="files", effort="script")
def config_differs(case: Case, this: RuleIdentity) -> Outcome:
    """The run's configuration file holds other values than the training script sets.

    What it looks for: numbers, switches and lists of numbers that the script is certain to set, against the run's file.
    Why it matters: either the call did not take effect, or the script was changed after this run; this report goes by the
    file.
    What to try: see which of the two is meant, and train again with it.
    When it is wrong: a script that was edited for the next run already.
    Where it comes from: X2, F3; no counterpart in the checklist.
    """
    script, config = case.analysis.identity.script, case.analysis.identity.config
    if script is None:
        return this.not_applicable(NO_SCRIPT)
    if config is None or config.origin != "config":
        return this.not_applicable(say("there is no config file to compare the script with"))
    stored = dict(config.settings)
    pairs = [(name, literal(source), _json(stored[name]), line) for name, source, line in script.settings if name in stored]
    known = [pair for pair in pairs if _comparable(pair[1]) and _comparable(pair[2])]
    different = [pair for pair in known if _plain(pair[1]) != _plain(pair[2])]
    if not different:
        return this.clear(say("{n} in script and config agree", n=count(len(known), "setting")))
    name, wanted, held, _line = different[0]
    return this.fired(
        "medium",
        "medium",
        say("`{s}` is {h} in the run's config and {w} in the script", s=code(name), h=code(repr(held)), w=code(repr(wanted))),
        tuple(
            Evidence(label=f"{name} in line {line}", value=code(f"{wanted!r}, run {held!r}"), file=script.file)
            for name, wanted, held, line in different[:SHOWN]
        ),
        why=(
            say(
                "Either the call did not take effect, or the script was changed after this run; this report goes by the config."
            ),
        ),
        steps=(Step(text=say("If the script was meant for this run, set its values before the model is perforated.")),),
        next_check=say("The new run's config shows the values of the script."),
    )


def _json(text: str) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None


def _comparable(held: Any) -> bool:
    """Numbers, switches and lists of numbers: what is written the same way in a script and in JSON."""
    parts = held if isinstance(held, list | tuple) else [held]
    return bool(parts) and all(isinstance(part, bool | int | float) for part in parts)


def _plain(held: Any) -> list[float]:
    return [float(part) for part in (held if isinstance(held, list | tuple) else [held])]


@rule("PAI009", "running-mean-judged", section="X", part="trust", ids=("C19",))
def running_mean_judged(case: Case, this: RuleIdentity) -> Outcome:
    """The library judges a running mean over several epochs instead of single scores.

    What it looks for: `history_lookback` above 1.
    Why it matters: in a minimising run the mean is seeded with 0, so that the best value is one that no network reached and
    the library switches too soon; in a maximising run it decides on the mean while the best rows list single epochs.
    What to try: `GPA.pc.set_history_lookback(1)`.
    When it is wrong: with a version that seeds the mean otherwise.
    Where it comes from: C19; no counterpart in the checklist.
    """
    lookback = case.library.history_lookback
    if lookback <= 1 and not case.analysis.identity.lookback_differs:
        return this.clear(say("history_lookback is {n}: single epochs are judged", n=count(lookback)))
    running = Evidence(label="judged", value=code("running mean"), file=case.analysis.track.file, column=RUNNING)
    told = (setting_evidence(setting(case, "history_lookback")),) if lookback > 1 else ()
    if not minimizing(case.analysis):
        return this.fired(
            "low",
            "high",
            say("The library judged a running mean of validation, not the single scores"),
            (running, *told),
            why=(say("When to switch and what to keep was decided on the mean; the best rows list single epochs."),),
            next_check=say("With `history_lookback` 1 the columns {a} and {b} are equal.", a=code(VALIDATION), b=code(RUNNING)),
        )
    return this.fired(
        "critical",
        "high" if told else "medium",
        say("The library judges a running mean that starts at 0, below any loss this run reached"),
        (running, *told),
        why=(say("It then believes in a best loss that no network had, and switches too soon."),),
        action=say("**Judge single epochs**: `GPA.pc.set_history_lookback(1)`."),
        steps=steps(change(case, "history_lookback", "1")),
        next_check=say("The columns {a} and {b} are equal.", a=code(VALIDATION), b=code(RUNNING)),
    )


RULES = (setting_ignored, config_differs, running_mean_judged)
