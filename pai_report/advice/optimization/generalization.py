"""O8: training against validation."""

from pai_report.advice.model import Evidence, Step
from pai_report.advice.phrases import Phrase, Quantity, percent, points, say, score
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.advice.words import LOWER, best_column, change, source, steps
from pai_report.analysis.model import GapPoint, Generalization, Mismatch

RECORD_TRAIN = "GPA.pai_tracker.add_extra_score(train_score, 'Train')"
FIRST_REMEDIES = 3  # below overfitting the cheap ones are enough
NOT_COMPARABLE: dict[Mismatch, Phrase] = {
    "misaligned": say("the training column starts late and cannot be aligned with the epochs"),
    "different-scale": say("the training column is another metric than validation, or on another scale"),
    "train-looks-like-a-loss": say("the training column looks like a loss, validation does not"),
}
UNKNOWN_GAP = say("at the best epochs training or validation holds no number")
SMOOTHING = Step(
    text=say("Soften the labels by 0.05 to 0.2 (classification only)."),
    code="criterion = nn.CrossEntropyLoss(label_smoothing=0.1)",
)


@rule(
    "PAI801",
    "gap-to-training",
    section="O8",
    part="optimization",
    ids=(
        *("O8.1", "O8.2", "O8.3", "O8.4", "O8.5", "O8.6", "O8.7", "O8.8", "O8.9", "O8.10", "O8.11", "O8.12", "O8.13", "O8.14"),
        *("A13", "A14", "A15", "A16", "I4.1", "I4.2", "I4.3"),
    ),
    needs="tried",
    effort="retrain",
)
def gap_to_training(case: Case, this: RuleIdentity) -> Outcome:
    """Training scores are clearly better than validation scores.

    What it looks for: at the best epoch of the largest kept network, a gap above 5 points (notice) or 10 (overfitting); for
    a loss half of the validation loss, or training that improves while validation worsens.
    Why it matters: more capacity then raises the training score only.
    What to try: a smaller network first, then augmentation, dropout, label smoothing, weight decay.
    When it is wrong: training scores measured with dropout or augmentation on are too low, so that the gap is larger still.
    Where it comes from: O8.1 to O8.14, A13 to A16, D10. The checklist's dropout line changes nothing unless forward() calls
    it, and its early stopping is what the library does anyway.
    """
    held = case.analysis.generalization
    if held is None:
        return this.not_applicable(say("no training score is recorded"), RECORD_TRAIN)
    if not held.comparable or not held.points:
        return this.not_applicable(
            UNKNOWN_GAP if held.not_comparable is None else NOT_COMPARABLE[held.not_comparable], RECORD_TRAIN
        )
    last = held.points[-1]
    if held.level not in {"notice", "overfitting"}:
        return this.clear(say("training is {g} ahead of validation", g=_gap(last)))
    serious = held.level == "overfitting"
    confidence = LOWER["high"] if held.test_level is not None and held.test_level != held.level else "high"
    confidence = "low" if _turns_over(case, held) else confidence
    return this.fired(
        "high" if serious else "medium",
        confidence,
        _title(last, held),
        _evidence(case, held, last),
        why=_why(case, held, serious=serious, sure=confidence == "high"),
        limit=_limit(case, last),
        action=_action(serious=serious, sure=confidence == "high"),
        steps=_remedies(case) if serious else _remedies(case)[:FIRST_REMEDIES],
        next_check=say("The gap is within 2 to 5 points.") if last.points is not None else say("Both scores move together."),
        differs=say("`model.dropout = …`, as the checklist writes it, changes nothing unless forward() calls it."),
    )


def _turns_over(case: Case, held: Generalization) -> bool:
    """Whether training was about as far behind validation with fewer sets: then its score may be measured in another way."""
    *earlier, last = held.points
    return any(point.gap <= -case.settings.limits.about_as_far * last.gap for point in earlier)


def _gap(held: GapPoint) -> Quantity:
    if held.points is not None:
        return points(held.points)
    return percent(held.gap / abs(held.validation)) if held.validation else score(held.gap)


def _title(last: GapPoint, held: Generalization) -> Phrase:
    if last.points is not None:
        return say(
            "Training is {g} above validation: {t} against {v}",
            g=points(last.points),
            t=score(last.train),
            v=score(last.validation),
        )
    end = ", and they move apart" if held.diverging else ""
    return say(
        f"The training score is far better than the validation score: {{t}} against {{v}}{end}",
        t=score(last.train),
        v=score(last.validation),
    )


def _evidence(case: Case, held: Generalization, last: GapPoint) -> tuple[Evidence, ...]:
    analysis, span = case.analysis, None if last.epoch is None else (last.epoch, last.epoch)
    validation = best_column(last.file)
    rows = [("training score", last.train, held.column), ("validation score", last.validation, validation)]
    if last.test is not None:
        test = next((name for name, role, _ in analysis.track.extras if role == "test"), "Test")
        rows.append(("test score", last.test, test))
    return tuple(
        Evidence(label=label, value=score(number), file=last.file, column=column, epochs=span) for label, number, column in rows
    )


def _why(case: Case, held: Generalization, *, serious: bool, sure: bool) -> tuple[Phrase, ...]:
    told = [_meaning(serious=serious, sure=sure)]
    if _turns_over(case, held):
        told.append(
            say(
                "With fewer sets training was about as far behind validation: its score may be measured in another way, or "
                "swing from epoch to epoch."
            )
        )
    last, per_unit = held.points[-1], case.analysis.identity.points_per_unit
    if last.test_gap is not None and per_unit is not None:
        told.append(say("The gap to the test score is {t}.", t=points(last.test_gap * per_unit)))
    return tuple(told)


def _meaning(*, serious: bool, sure: bool) -> Phrase:
    """What the gap means, as surely as it is known."""
    if serious and sure:
        return say("The network is memorising its training data; gains in training will not carry over to new data.")
    if serious:
        return say("The network may be memorising its training data; gains in training may not carry over to new data.")
    if sure:
        return say("A network begins to memorise at such a gap; further dendrites then raise the training score only.")
    return say("A network may begin to memorise at such a gap; further dendrites may then raise the training score only.")


def _limit(case: Case, last: GapPoint) -> Phrase:
    limits = case.settings.limits
    if last.points is None:
        return say(
            "rule: {l} of the validation loss, or training improving while validation worsens ({s})",
            l=percent(limits.loss_gap),
            s=source(case, "loss_gap"),
        )
    return say(
        "rule: above {a} a notice, above {b} overfitting ({s})",
        a=points(limits.gap_notice),
        b=points(limits.gap_overfitting),
        s=source(case, "gap_notice", "gap_overfitting"),
    )


def _action(*, serious: bool, sure: bool) -> Phrase:
    """The remedy as one line, as surely as the gap is known."""
    if serious and sure:
        return say("**Close the gap before adding capacity**: a smaller network, augmentation or dropout.")
    if serious:
        return say("**Check the gap before adding capacity**: a smaller network, augmentation or dropout may close it.")
    will = "will" if sure else "may"
    return say(f"**Watch the gap**: more capacity {will} not help until it is smaller.")


def _remedies(case: Case) -> tuple[Step, ...]:
    """O8.5 to O8.13 in the order the library's documentation prefers: smaller first; weight decay, which it doubts, last."""
    classification = case.analysis.identity.scale != "free"
    return (
        Step(text=say("Reduce the width or depth of the network, convert fewer layers, or allow fewer sets.")),
        Step(text=say("Augment the training data more; for images Mixup or CutMix as well.")),
        Step(
            text=say("Add dropout of 0.3 to 0.5 and call it in forward()."),
            code="self.dropout = nn.Dropout(0.3)\nx = self.dropout(x)",
        ),
        *((SMOOTHING,) if classification else ()),
        Step(
            text=say("Add batch normalisation inside the converted block, as the library asks for."),
            code="block = GPA.PAISequential([nn.Linear(features, features), nn.BatchNorm1d(features)])",
        ),
        Step(
            text=say("Clip gradients between backward() and step()."),
            code="torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)",
        ),
        Step(
            text=say(
                "Weight decay of 1e-4 to 1e-3, last: the library's documentation warns that it can hold dendrites back, so "
                "compare with a run without it."
            ),
            code="GPA.pai_tracker.set_optimizer(torch.optim.AdamW)\n"
            "optimizer, scheduler = GPA.pai_tracker.setup_optimizer(\n"
            '    model, {"params": model.parameters(), "lr": lr, "weight_decay": 1e-4}, schedArgs\n)',
        ),
        Step(text=say("Early stopping needs nothing: the library keeps the best model of each phase already.")),
    )


@rule("PAI802", "gap-grew-with-dendrites", section="O8", part="optimization", ids=("O8.12",), needs="kept", effort="retrain")
def gap_grew_with_dendrites(case: Case, this: RuleIdentity) -> Outcome:
    """The gap between training and validation grew as dendrites were added.

    What it looks for: a gap with the largest kept network more than 5 points above the gap without dendrites.
    Why it matters: the added capacity went into memorising.
    What to try: fewer sets or fewer converted layers.
    When it is wrong: when the gap was already falling again.
    Where it comes from: O8.12, D10.
    """
    held = case.analysis.generalization
    if held is None or not held.comparable or held.growth is None:
        return this.not_applicable(say("the gap is not known at every network size"), RECORD_TRAIN)
    bounded = case.analysis.identity.points_per_unit is not None
    grown = points(held.growth, signed=True) if bounded else score(held.growth, signed=True)
    if not bounded or held.growth <= case.settings.limits.growth_overfitting:
        return this.clear(say("the gap changed by {g} with dendrites", g=grown))
    return this.fired(
        "medium",
        "medium",
        say("The gap to training grew by {g} with dendrites", g=points(held.growth)),
        (_evidence(case, held, held.points[0])[0], _evidence(case, held, held.points[-1])[0]),
        why=(say("Dendrites increased memorisation: the training score improved more than validation."),),
        limit=say(
            "rule: growth above {l} ({s})",
            l=points(case.settings.limits.growth_overfitting),
            s=source(case, "growth_overfitting"),
        ),
        action=say("**Use fewer sets or convert fewer layers** until the gap stops growing."),
        steps=_fewer(case),
        next_check=say("The gap with dendrites is no larger than without."),
    )


def _fewer(case: Case) -> tuple[Step, ...]:
    """O8.12: one set fewer than are kept, and fewer layers."""
    fewer = case.analysis.lifecycle.kept - 1
    one = change(case, "max_dendrites", str(fewer), text=say("Try one set fewer.")) if fewer >= 1 else None
    return steps(one, Step(text=say("Or convert fewer layers.")))


RULES = (gap_to_training, gap_grew_with_dendrites)
