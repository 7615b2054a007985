"""Documents made by hand: a realistic one with the numbers of a real run, and a hostile one with every block type.

The numbers of `run_document` are those of digits-329-two-kept in the collection of real runs (its Scores, best_arch_scores,
param_counts and switch_epochs files; epoch accounting and gains from the specification's golden numbers).
"""

from io import BytesIO

from drawing import drawing
from PIL import Image

from pai_report.report.document import (
    Actions,
    Block,
    Code,
    Column,
    Document,
    Figure,
    FindingCard,
    KeyFigure,
    KeyFigures,
    KeyValues,
    Noted,
    Overview,
    Paragraph,
    Picture,
    Prose,
    Remark,
    Row,
    Section,
    Span,
    StepItem,
    Table,
    Text,
)
from pai_report.report.rendition import Assets

# fmt: off
VALIDATION = (
    15.89, 41.97, 53.51, 70.74, 75.92, 77.09, 80.10, 81.94, 82.11, 85.28, 86.12, 87.96, 88.29, 89.80,
    88.29, 87.96, 89.97, 90.47, 90.13, 89.80, 88.13, 89.30, 90.13, 91.14, 91.64, 88.63, 91.14, 91.14,
    90.64, 90.97, 91.30, 90.47, 91.30, 90.97, 90.97, 90.47, 92.14, 91.81, 92.14, 92.31,
)
TRAIN = (
    15.67, 43.00, 54.67, 73.83, 79.67, 77.83, 83.67, 86.67, 87.83, 89.17, 90.67, 92.33, 92.00, 93.83,
    92.83, 93.17, 95.33, 96.50, 96.33, 95.83, 93.33, 95.67, 96.83, 97.50, 97.67, 93.50, 95.50, 98.00,
    97.83, 98.00, 97.83, 96.67, 98.33, 97.17, 97.33, 98.17, 98.83, 98.83, 98.83, 99.00,
)
# fmt: on


def png(width: int, height: int) -> bytes:
    """A plain PNG of that size."""
    out = BytesIO()
    Image.new("RGBA", (width, height), (11, 95, 165, 128)).save(out, "PNG")
    return out.getvalue()


PNG = png(8, 4)


def assets() -> Assets:
    """What the documents below need beside their text."""
    return Assets(
        report_json=b'{"schema_version": 1}',
        picture=("PAI.png", PNG),
        attachments=(
            ("PAIScores.csv", b"Epochs,Validation Scores\n0,15.89\n"),
            ("PAIswitch_epochs.csv", b"Switch Number,Switch Epoch\n"),
        ),
    )


def t(*parts: str) -> Text:
    """Text from words; a part in double asterisks is strong, in backticks code, in angle brackets a name from the run."""
    return tuple(_span(part) for part in parts)


def _span(part: str) -> Span:
    for mark, style in (("**", "strong"), ("`", "code"), ("__", "emphasis")):
        if part.startswith(mark) and part.endswith(mark) and len(part) > 2 * len(mark):
            return Span(text=part[len(mark) : -len(mark)], style=style)  # type: ignore[arg-type]
    if part.startswith("<") and part.endswith(">"):
        return Span(text=part[1:-1], style="name")
    return Span(text=part)


SCORES = Table(
    id="scores-numbers",
    caption=t("Scores per recorded epoch."),
    columns=(
        Column(title=t("Epoch"), align="right"),
        Column(title=t("Validation"), align="decimal"),
        Column(title=t("Train"), align="decimal"),
    ),
    rows=tuple((t(str(i)), t(f"{v:.2f}"), t(f"{w:.2f}")) for i, (v, w) in enumerate(zip(VALIDATION, TRAIN, strict=True))),
)

SCORES_FIGURE = Figure(
    id="scores",
    alt="Line chart of 40 recorded epochs. Validation climbs from 15.9 to 91.6 without dendrites and to 92.3 with two sets; "
    "training ends at 99.0.",
    caption=t(
        "**Two dendrite sets lift validation by less than one point.**",
        " Training (grey) and validation (blue) score per recorded epoch; bands are dendrite phases. Epochs after each best "
        "one were rolled back by the library.",
    ),
    svg=drawing(
        "scores",
        (("train", "#5b616b", TRAIN), ("validation", "#0b5fa5", VALIDATION)),
        76.0,
        100.0,
        ((0.0, "no dendrites"), (24.0, "1 dendrite set"), (36.0, "2 sets")),
    ),
    table=SCORES,
)

ARCHITECTURES = Table(
    id="architectures",
    caption=t("Best score of each network, with its size."),
    columns=(
        Column(title=t("Dendrite sets"), align="right"),
        Column(title=t("Parameters"), align="right"),
        Column(title=t("Validation"), align="decimal"),
        Column(title=t("Gain, points"), align="decimal"),
        Column(title=t("Samples"), align="decimal"),
        Column(title=t("<Train>"), align="decimal"),
        Column(title=t("<Test>"), align="decimal"),
        Column(title=t("Judgement")),
    ),
    rows=(
        (t("0"), t("502"), t("91.64"), t("—"), t("—"), t("97.67"), t("93.66"), t("baseline")),
        (t("1"), t("1,026"), t("92.14"), t("+0.502"), t("3"), t("98.83"), t("95.16"), t("within noise")),
        (t("2"), t("1,616"), t("92.31"), t("+0.167"), t("1"), t("99.0"), t("95.16"), t("within noise")),
    ),
    first_is_header=True,
)

GAP = FindingCard(
    id="PAI801",
    code="PAI801",
    severity="medium",
    confidence="medium",
    title=t("The gap between training and validation is 6.7 points"),
    why=(
        t(
            "Training reaches 99.0 while validation stays at 92.3. Between 5 and 10 points a network starts to memorise; "
            "further dendrites then raise the training score only. The gap to the test score is 3.8 points."
        ),
    ),
    evidence=(
        t("<Train>", " 99.00 · epoch 39 · ", "<PAIScores.csv>"),
        t("<Validation Scores>", " 92.31 · epoch 39 · ", "<PAIScores.csv>"),
    ),
    limit=t("5 points, from the requirements (A16)"),
    steps=(
        StepItem(
            text=t(
                "Add dropout between the perforated modules, and call it in ",
                "`forward()`",
                ": assigning the attribute alone changes nothing.",
            ),
            code="self.dropout = nn.Dropout(0.3)\n...\nx = self.dropout(F.relu(self.fc1(x)))",
        ),
        StepItem(
            text=t("Soften the targets; only for classification."), code="criterion = nn.CrossEntropyLoss(label_smoothing=0.1)"
        ),
    ),
    next_check=t("The gap in the next report should be between 2 and 5 points."),
)

REJECTED = FindingCard(
    id="PAI102",
    code="PAI102",
    severity="high",
    confidence="high",
    title=t("The third dendrite set was tried twice, cost 108 epochs and was rejected"),
    why=(
        t(
            "Neither try beat 92.31. The run would have ended at epoch 111 instead of 219 with the maximum set to two, ",
            "with the same network.",
        ),
    ),
    evidence=(
        t("rejected tries 2 · ", "<PAI_23.11.2026.20.49.12_noImprove_lr_3Scores.csv>"),
        t("epochs in rejected tries 108 of 219"),
    ),
    limit=t("a set counts as rejected when it ends below the best network"),
    steps=(
        StepItem(text=t("Stop at two sets."), setting="max_dendrites", old="5", new="2", code="GPA.pc.set_max_dendrites(2)"),
        StepItem(text=t("Or allow a single try."), setting="max_dendrite_tries", old="2", new="1"),
    ),
    effect=t("108 epochs saved, about half of the run; no change of the score."),
    next_check=t("Sets kept and tried should both be 2."),
    folded=(
        t(
            "__The checklist__",
            " reads ",
            "`noImprove_lr`",
            " files as “dendrites were never added”; in this library version they mean the opposite.",
        ),
        t("__Considered, not recommended:__", " raising ", "`max_dendrites`", " to 7, because the last set was rejected."),
    ),
)

NOISE = FindingCard(
    id="PAI060",
    code="PAI060",
    severity="high",
    confidence="medium",
    title=t("A gain of 0.67 points is four validation samples, within this run’s noise"),
    why=(
        t(
            "A run without any effect shows a gain like this in about one of two cases. The test score rose by 1.50 points, "
            "which points the same way but does not settle it."
        ),
    ),
    evidence=(
        t("baseline 91.64 → best 92.31 · ", "<PAI_best_arch_scores.csv>"),
        t("quantum 0.167 · 598 validation samples"),
    ),
    limit=t("5 samples: below that no sign test reaches 5 %"),
    steps=(StepItem(text=t("Repeat the run with two more seeds, or validate on at least 1,350 samples.")),),
)

MODULES = KeyValues(
    rows=(
        Row(
            label="Modules that benefited most",
            text=t("not available: ", "<PAIBest PBScores.csv>", " has no rows; Perforated Backpropagation was off"),
            id="I6.1",
            missing=True,
        ),
        Row(
            label="Modules to exclude",
            text=t("not available: needs Perforated Backpropagation scores"),
            id="I6.2",
            missing=True,
        ),
        Row(
            label="Dendrites per layer",
            text=t("always equal: one dendrite on each of ", "<.fc1>", " and ", "<.fc2>", " per set"),
            id="I6.3",
        ),
    )
)

SUMMARY = KeyValues(
    rows=(
        Row(
            label="First to best score",
            text=t("15.89 at epoch 0 → ", "**92.31**", " at epoch 39. Most of it is ordinary training, not dendrites."),
            id="I1.1",
        ),
        Row(
            label="Epochs trained",
            text=t("219 in all: 40 recorded, 36 waiting for a plateau, 35 in learning-rate search, 108 in rejected tries"),
            id="I1.2",
        ),
        Row(label="Dendrite sets", text=t("2 kept, 3 tried"), id="I1.3"),
        Row(label="Phases", text=t("no dendrites, epochs 0–24; one set, 25–36; two sets, 37–39"), id="I1.4"),
    )
)

PERFORMANCE = KeyValues(
    rows=(
        Row(label="Best validation score", text=t("92.31 at epoch 39"), id="I2.1"),
        Row(
            label="Stability",
            text=t("standard deviation 0.58 points over the last ten epochs of the full series: moderate"),
            id="I2.2",
        ),
        Row(label="Converged", text=t("yes: flat within 0.4 points after epoch 111"), id="I2.3"),
    )
)

IMPACT = KeyValues(
    rows=(
        Row(label="Added at all", text=t("yes, twice: after epochs 24 and 36"), id="I3.1"),
        Row(label="Improvement per set", text=t("first +0.50 points (3 samples), second +0.17 points (1 sample)"), id="I3.2"),
        Row(label="Most impactful", text=t("the first, within noise"), id="I3.3"),
        Row(label="Helped or hurt", text=t("cannot tell; nothing speaks for harm"), id="I3.4"),
        Row(label="Best number of sets", text=t("2, as far as one run can say"), id="I3.5"),
        Row(label="Timing", text=t("appropriate: both sets were added on a plateau of ten epochs"), id="I3.6"),
    )
)

FRONT: tuple[Block, ...] = (
    Paragraph(
        text=t(
            "Validation went from 91.64 to 92.31, four of 598 samples, for 3.2 times the parameters. The test score rose by "
            "1.5 points, which points the same way but does not settle it."
        ),
        role="lead",
    ),
    KeyFigures(
        figures=(
            KeyFigure(value="+0.67", unit="points", caption=t("91.64 → 92.31, best score without and with dendrites")),
            KeyFigure(value="8.0", unit="%", caption=t("of the remaining error removed")),
            KeyFigure(value="1,616", unit="", caption=t("parameters, 3.2 × the 502 before; 0.30 points per +100 %")),
            KeyFigure(
                value="219",
                unit="",
                caption=t("epochs trained, 40 recorded; 108 in rejected tries, 35 in learning-rate search"),
            ),
        )
    ),
    SCORES_FIGURE,
    Actions(
        items=(
            t(
                "**Repeat with two more seeds**",
                ", or validate on more samples, before anything is changed: one run cannot show a gain this small.",
            ),
            t(
                "**Stop at two sets.**",
                " The third cost 108 epochs and was rejected twice: ",
                "`GPA.pc.set_max_dendrites(2)`",
                " instead of 5.",
            ),
            t(
                "**Watch the gap.**",
                " Training is 6.7 points above validation; more capacity will not help until it is smaller.",
            ),
        )
    ),
    Overview(
        findings=tuple(Noted(target=card.id, severity=card.severity, title=card.title) for card in (NOISE, REJECTED, GAP))
    ),
)

TRAINING = Figure(
    id="train-validation",
    alt="Training score minus validation score per epoch: from 2 points at epoch 10 to 6.7 at epoch 39.",
    caption=t("**The gap grows with every set.**", " Difference between training and validation score, in points."),
    svg=drawing(
        "train-validation",
        (("gap", "#9a3412", tuple(a - b for a, b in zip(TRAIN, VALIDATION, strict=True))),),
        -2.0,
        10.0,
        ((0.0, "no dendrites"), (24.0, "1 set"), (36.0, "2 sets")),
    ),
)

SECTIONS = (
    Section(
        id="training-summary",
        title="Training summary",
        blocks=(Paragraph(text=t("A finished run of ", "<PAI>", ", maximizing the score.")), SUMMARY),
    ),
    Section(id="performance", title="Performance", blocks=(PERFORMANCE,)),
    Section(id="dendrite-impact", title="Dendrite impact", blocks=(IMPACT, ARCHITECTURES)),
    Section(
        id="generalization",
        title="Generalization",
        blocks=(
            KeyValues(
                rows=(
                    Row(
                        label="Gap",
                        text=t("6.69 points: ", "<Train>", " 99.00 against validation 92.31 at epoch 39"),
                        id="I4.1",
                    ),
                    Row(label="Overfitting", text=t("beginning: between 5 and 10 points"), id="I4.2"),
                    Row(label="Regularization", text=t("see PAI801"), id="I4.3"),
                )
            ),
            TRAINING,
        ),
    ),
    Section(
        id="baseline",
        title="Comparison to baseline",
        blocks=(
            KeyValues(
                rows=(
                    Row(
                        label="Baseline", text=t("91.64, the best network without dendrites, stopped at its plateau"), id="I5.1"
                    ),
                    Row(label="Parameters", text=t("502 → 1,616, +221.9 %"), id="I5.2"),
                    Row(label="Efficiency", text=t("0.30 points per +100 % parameters; the second set 0.29"), id="I5.3"),
                )
            ),
        ),
    ),
    Section(id="modules", title="Modules", blocks=(MODULES,)),
    Section(
        id="visualizations",
        title="Visualizations",
        blocks=(
            Prose(
                markdown="Training visualizations have been automatically generated at `PAI/PAI.png`. This shows:\n\n"
                "- Score progression over epochs\n- Learning rate schedule\n- Dendrite addition timeline\n"
            ),
            Picture(
                id="library-picture",
                name="PAI.png",
                alt="The library's own picture with four panels: scores, learning rate, epoch times and an empty one.",
                caption=t("The library’s own picture, ", "<PAI.png>", ", unmodified."),
            ),
        ),
    ),
    Section(
        id="troubleshooting",
        title="Troubleshooting",
        blocks=(Paragraph(text=t("I see some issues in your training results. Let's troubleshoot:")), NOISE),
    ),
    Section(
        id="optimization",
        title="Optimization",
        blocks=(Remark(text=t("Most recommendations wait until the gain is beyond noise; these two hold anyway.")),),
        sections=(
            Section(id="o1", title="1 · Dendrite count", blocks=(REJECTED,)),
            Section(id="o8", title="8 · Regularization and generalization", blocks=(GAP,)),
            Section(
                id="o-rest",
                title="Checked, nothing found",
                blocks=(
                    Table(
                        id="clear",
                        caption=t("Every section was evaluated; these found nothing."),
                        columns=(
                            Column(title=t("Section")),
                            Column(title=t("What was looked for")),
                            Column(title=t("What shows it")),
                        ),
                        rows=(
                            (t("2 · Switch timing"), t("sets added before the plateau"), t("flat for ten epochs before both")),
                            (t("3 · Modules"), t("low correlation"), t("not applicable: no Perforated Backpropagation")),
                            (
                                t("4 · Learning rate"),
                                t("dropped too early or too late"),
                                t("patience 4, first drop after the plateau"),
                            ),
                            (
                                t("5 · Initialization"),
                                t("spikes after additions"),
                                t("largest dip 3.0 points, recovered in one epoch"),
                            ),
                            (t("6 · Duration"), t("still improving at the end"), t("flat")),
                            (t("7 · Expansion"), t("a material gain"), t("gain within noise")),
                            (t("9 · Efficiency"), t("marginal gain below 10 % of the first"), t("33 %")),
                        ),
                    ),
                ),
            ),
        ),
    ),
    Section(
        id="next-steps",
        title="Next steps",
        blocks=(
            Prose(
                markdown="1. Update your training script with the changes above.\n2. Run it again, with another seed.\n"
                "3. Analyse the results again, and compare both reports."
            ),
            Code(code="pai-report PAI/ -o report.pdf", language="shell"),
        ),
    ),
    Section(
        id="ledger",
        title="Evidence ledger",
        appendix=True,
        blocks=(
            Paragraph(text=t("Every number of this report with the file it came from."), role="small"),
            Table(
                id="epochs",
                caption=t("Scores per recorded epoch."),
                columns=SCORES.columns,
                rows=SCORES.rows[:25],
                shown_of=40,
            ),
        ),
    ),
    Section(
        id="provenance",
        title="Provenance",
        appendix=True,
        blocks=(
            Table(
                id="files",
                caption=t("Files read."),
                columns=(Column(title=t("File")), Column(title=t("Bytes"), align="right"), Column(title=t("SHA-256"))),
                rows=(
                    (t("<PAIScores.csv>"), t("3,941"), t("`9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`")),
                    (
                        t("<PAI_best_arch_scores.csv>"),
                        t("211"),
                        t("`60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752`"),
                    ),
                ),
            ),
            Remark(text=t("No training script was given; settings come from ", "<PAI_config.json>", "."), tone="caution"),
        ),
    ),
)


def run_document() -> Document:
    """A report as a reader gets it: two sets kept, a gain within noise."""
    return Document(
        title="PAI · PerforatedAI run report",
        kicker=t("PerforatedAI run report · ", "<PAI>", " · finished: two tries for a third dendrite set were rejected"),
        headline=t("Cannot tell: a gain of 0.67 points is within this run’s noise."),
        front=FRONT,
        sections=SECTIONS,
        footer="PAI · pai-report 0.1.0",
    )


HOSTILE = (
    '<script>alert("x")</script> | `tick` ``two`` *a* _b_ [l](http://e.org) &amp; $x$ ~~s~~ \\ #1 {{ 7 * 7 }}\n# no heading'
)
LONG = "encoder.layers." + ".".join(f"block_{i}.attention.self_attention_output_projection" for i in range(4))
RTL = "\u05d3\u05d2\u05dd \u202eevil \u200f\u05e0\u05ea\u05d5\u05e0\u05d9\u05dd.csv"
EMOJI = "🧠 dendrites 🌳 你好 \u0000\u001b[31m"
HOSTILE_NAMES = (HOSTILE, LONG, RTL, EMOJI, " ", "-", "+ plus", "1. one", "> quote", "a\r\nb", "\ud800")


def _name(text: str) -> Text:
    return (Span(text="before ", style="plain"), Span(text=text, style="name"), Span(text=" after"))


def every_block(word: str) -> tuple[Block, ...]:
    """One block of each type with `word` in every place that takes text."""
    name = (Span(text=word, style="name"),)
    return (
        *(Paragraph(text=_name(word), role=role) for role in ("body", "lead", "small", "missing")),
        *(Paragraph(text=(Span(text=word, style=style),)) for style in ("plain", "strong", "emphasis", "code")),
        Prose(markdown="A passage with `code`, **strong** words and\n\n- a list\n- of two\n"),
        KeyFigures(figures=tuple(KeyFigure(value="1,234.5", unit="epochs", caption=_name(word)) for _ in range(4))),
        Actions(items=(_name(word), name)),
        Overview(findings=(Noted(target="PAI001", severity="critical", title=_name(word)),), more=2),
        KeyValues(rows=(Row(label=word, text=_name(word), id="I1.1"), Row(label="Missing", text=name, missing=True))),
        Figure(
            id="fig",
            alt=word,
            caption=_name(word),
            svg=drawing("fig", (("line", "#0b5fa5", (1.0, 2.0)),), 0.0, 2.0),
            table=Table(id="fig-numbers", caption=name, columns=(Column(title=name),), rows=((name,),)),
        ),
        Picture(id="library-picture", name="odd name|.png", alt=word, caption=_name(word)),
        Code(code=f"x = 1  # {word}\n```\ny = 2"),
        FindingCard(
            id="PAI001",
            code="PAI001",
            severity="critical",
            confidence="low",
            title=_name(word),
            why=(_name(word), name),
            evidence=(name, name),
            limit=name,
            steps=(StepItem(text=name, setting=word, old=word, new=word, code=word), StepItem(text=name, setting="s", new="2")),
            effect=name,
            next_check=name,
            folded=(name, name),
        ),
        Remark(text=name),
        Remark(text=_name(word), tone="caution"),
        Table(
            id="many",
            caption=_name(word),
            columns=(Column(title=name), Column(title=name, align="right"), Column(title=name, align="decimal")),
            rows=tuple((name, (Span(text=str(i)),), (Span(text=f"{i / 7:.{i % 4}f}"),)) for i in range(50)),
            shown_of=600,
            first_is_header=True,
        ),
    )


def hostile_document(word: str = HOSTILE) -> Document:
    """Every block type with hostile text in every place."""
    name = (Span(text=word, style="name"),)
    return Document(
        title=word,
        kicker=name,
        headline=_name(word),
        front=(Paragraph(text=name, role="lead"),),
        sections=(
            Section(
                id="all",
                title="All blocks",
                blocks=every_block(word),
                sections=(
                    Section(
                        id="inner",
                        title="Inner & deeper",
                        blocks=(Paragraph(text=name),),
                        sections=(Section(id="deepest", title="Deepest", blocks=()),),
                    ),
                ),
            ),
            Section(id="extra", title="Appendix section", blocks=(Paragraph(text=name),), appendix=True),
        ),
        footer=word,
    )
