"""Is the score judged the right way round?"""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import code, count, epochs, say, score, word
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import BEST, VALIDATION, minimizing, setting, setting_evidence
from pai_report.library import entry_point


@rule("PAI001", "wrong-direction", section="X", part="trust", ids=("X4", "C17"), needs="files")
def wrong_direction(case: Case, this: RuleIdentity) -> Outcome:
    """The library maximises a score that should fall, or the reverse.

    What it looks for: best rows that are the extremes of the declared direction, while the validation score moves against
    it all through the first phase. A training score makes it certain: of the same metric (by name, else by scale) it moves
    the same way; of another metric, such as a loss beside an accuracy, it shows that the network learned meanwhile. Without
    one it is a hint. Also a report that is asked for the other direction than the configuration or the best rows hold.
    Why it matters: the library then keeps the worst network of every phase as its best one; nothing below is true.
    What to try: pass the right `maximizing_score` where the model is perforated, and train again.
    When it is wrong: a score that rightly gets worse for a while, for example after too large a learning rate.
    Where it comes from: X4, C17; no counterpart in the checklist.
    """
    analysis = case.analysis
    if _against_the_files(case):
        return _asked_otherwise(case, this)
    if not (analysis.wrong_direction or analysis.wrong_direction_hint):
        return _not_seen(case, this)
    if not analysis.phases or not analysis.phases[0].series:
        return this.not_applicable(say("the first phase holds no scores"))
    sure = analysis.wrong_direction
    right = "True" if minimizing(analysis) else "False"
    return this.fired(
        "invalid" if sure else "low",
        "high" if sure else "low",
        say(
            "Validation gets steadily worse in the direction the library improves: {a} to {b}",
            a=score(analysis.phases[0].series[0]),
            b=score(analysis.phases[0].series[-1]),
        ),
        (
            Evidence(
                label="first phase",
                value=epochs((analysis.phases[0].first, analysis.phases[0].last)),
                file=analysis.phases[0].file,
                column=VALIDATION,
                epochs=(analysis.phases[0].first, analysis.phases[0].last),
            ),
            setting_evidence(setting(case, "maximizing_score")),
        ),
        why=(
            say(
                "The best network of each phase is then the worst one, and every later step starts from it."
                if sure
                else "That can be a metric judged the wrong way round, or a run that simply got worse."
            ),
        ),
        action=say("**Turn the direction round**: `maximizing_score={right}`, then train again.", right=code(right))
        if sure
        else None,
        steps=(_turn_round(case, right),),
        next_check=say("The best row of each network should then be the score you would call best."),
    )


def _against_the_files(case: Case) -> bool:
    """Whether the user's direction is not the library's, as a file of the run holds it or the best rows show it."""
    identity = case.analysis.identity
    return identity.direction_from == "flag" and (_configured_otherwise(case) or _rows_show_otherwise(case))


def _configured_otherwise(case: Case) -> bool:
    held = setting(case, "maximizing_score")
    return held.origin != "default" and held.value == str(minimizing(case.analysis))


def _rows_show_otherwise(case: Case) -> bool:
    identity = case.analysis.identity
    return identity.rows_show not in {"undecided", identity.direction}


def _asked_otherwise(case: Case, this: RuleIdentity) -> Outcome:
    way = "minimize" if minimizing(case.analysis) else "maximize"
    return this.fired(
        "critical",
        "high",
        say(f"The report was asked to {way} a score that the library judged the other way round"),
        _other_evidence(case),
        why=(say("If the library was right, the option is wrong; else it kept the worst network of every phase as its best."),),
        action=say(
            f"**Leave out `--{way}`**, or `direction` in the configuration, unless the run was trained the wrong way round."
        ),
        steps=(
            Step(text=say("The library judged it the other way round than this report was asked to: leave the option out.")),
        ),
        next_check=say("The best row of each network should be the score you would call best."),
    )


def _other_evidence(case: Case) -> tuple[Evidence, ...]:
    """What speaks against the direction that was asked for: the setting, the best rows, or both."""
    rows = "smallest" if case.analysis.identity.rows_show == "minimize" else "largest"
    shown = Evidence(
        label="each best row is of its phase the",
        value=word(f"{rows} score"),
        file=case.analysis.file("best-scores"),
        column=BEST,
    )
    configured = setting_evidence(setting(case, "maximizing_score"))
    return (*((configured,) if _configured_otherwise(case) else ()), *((shown,) if _rows_show_otherwise(case) else ()))


def _not_seen(case: Case, this: RuleIdentity) -> Outcome:
    identity, phases = case.analysis.identity, case.analysis.phases
    recorded = [held for held in (phases[0].series if phases else ()) if held is not None]
    if identity.direction == "undecided":
        return this.not_applicable(say("the direction of the score is not known"))
    if len(recorded) < 2:
        return this.not_applicable(say("the first phase holds {n}", n=count(len(recorded), "score")))
    words = "from {a} to a best of {b} in the first phase, judged by `{way}`"
    return this.clear(say(words, a=score(recorded[0]), b=score(phases[0].best), way=code(identity.direction)))


def _turn_round(case: Case, right: str) -> Step:
    held, identity = setting(case, "maximizing_score"), case.analysis.identity
    call = f"model = UPA.{entry_point(identity.versions)}(model, save_name={identity.save_name!r}, maximizing_score={right})"
    given = say("Give the direction where the model is perforated.")
    if held.value == right:  # a default that the best rows refute
        return Step(text=given, code=call)
    return Step(
        text=given,
        setting="maximizing_score",
        old=held.value,
        old_origin=held.origin,
        new=right,
        code=call,
    )


@rule("PAI012", "direction-unknown", section="X", part="trust", ids=("D0", "C17"))
def direction_unknown(case: Case, this: RuleIdentity) -> Outcome:
    """Nothing in the folder says whether higher or lower scores are better.

    What it looks for: no configuration, no flag, and best rows that fit both ways.
    Why it matters: gain, best network and verdict all depend on it, so none is given.
    What to try: `--maximize` or `--minimize`.
    When it is wrong: never; the report only says what it does not know.
    Where it comes from: D0, C17; the checklist never mentions scores that fall.
    """
    identity = case.analysis.identity
    if identity.direction != "undecided":
        return this.clear(say("direction: {d}, from {w}", d=code(identity.direction), w=code(identity.direction_from)))
    return this.fired(
        "high",
        "high",
        say("The files do not say whether higher or lower scores are better"),
        (_undecided(case),),
        why=(say("No gain and no best network can be named without it."),),
        action=say("**Say which way is better**: run pai-report again with `--maximize` or `--minimize`."),
        steps=(Step(text=say("Run pai-report again with `--maximize` or `--minimize`.")),),
        next_check=say("A `_config.json` beside the scores, as library 3.2.9 writes it, answers the question by itself."),
    )


def _undecided(case: Case) -> Evidence:
    """How much was looked at in vain: epochs, or best rows where they are all that is left."""
    track, best = case.analysis.track, case.analysis.file("best-scores")
    if not track.file and best is not None:
        return Evidence(label="networks", value=count(len(case.analysis.gains.architectures)), file=best, column=BEST)
    recorded = count(case.analysis.lifecycle.budget.recorded)
    return Evidence(label="epochs recorded", value=recorded, file=track.file, column=VALIDATION)


RULES = (wrong_direction, direction_unknown)
