"""Files that are there and say nothing."""

from pai_report.advice.model import Evidence, Severity, Step
from pai_report.advice.phrases import count, name, say, word
from pai_report.advice.rule import Case, Outcome, RuleIdentity, rule
from pai_report.run.model import Kind, Note

# What the verdict rests on, and what is only shown.
_DECIDING: tuple[Kind, ...] = ("scores", "switch-epochs", "parameter-counts", "best-scores", "config")
_SHOWN: tuple[Kind, ...] = ("picture",)


@rule("PAI020", "file-not-used", section="X", part="trust", ids=("D0",), needs="files")
def file_not_used(case: Case, this: RuleIdentity) -> Outcome:
    """A file of the run is there, but could not be read or holds something else.

    What it looks for: canonical files that may not be read, were not fetched (Git LFS, git-annex), are links out of the
    folder, too large, empty, binary or none of the library's by their content.
    Why it matters: what such a file would tell is missing in this report, although the run recorded it.
    What to try: what the finding says of each file, then report again.
    When it is wrong: a file of your own that only bears such a name; give it another.
    Where it comes from: no counterpart in the checklist.
    """
    unused = [note for note in case.analysis.notes if note.kind is not None and note.file is not None]
    if not unused:
        return this.clear(say("{n}, all of them read", n=count(len(case.analysis.files), "file")))
    return this.fired(
        _severity(unused),
        "high",
        say("{f} is there, but was not used", f=name(str(unused[0].file)))
        if len(unused) == 1
        else say("{n} of this run are there, but were not used", n=count(len(unused), "file")),
        tuple(
            Evidence(label=str(note.kind).replace("-", " "), value=word(note.slug.replace("-", " ")), file=note.file)
            for note in unused
        ),
        why=(say("This report lacks what {it} would tell.", it=word("it" if len(unused) == 1 else "they")),),
        steps=tuple(Step(text=say("{f}: {why}", f=name(str(note.file)), why=name(note.text))) for note in unused),
        next_check=say("This check is clear."),
    )


def _severity(unused: list[Note]) -> Severity:
    if any(note.kind in _DECIDING for note in unused):
        return "high"
    return "low" if all(note.kind in _SHOWN for note in unused) else "medium"


RULES = (file_not_used,)
