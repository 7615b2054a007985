"""What every part of the structure is built from: the run with its identity, phases and attempts."""

from pai_report.analysis.ending import Ending, ending
from pai_report.analysis.epochs import Course, course
from pai_report.analysis.identity import identity
from pai_report.analysis.lineage import Attempt, attempts
from pai_report.analysis.measure import Measure, measure_of
from pai_report.analysis.model import Identity, Mode
from pai_report.analysis.windows import Window, windows_of
from pai_report.run.model import Run
from pai_report.settings import Settings
from pai_report.values import value


@value
class Frame:
    """A run with what is known before anything of it is measured; `measure` is None where the direction is undecided."""

    run: Run
    identity: Identity
    measure: Measure | None
    windows: tuple[Window, ...]
    attempts: tuple[Attempt, ...]
    course: Course
    ending: Ending
    kept: int

    @property
    def mode(self) -> Mode:
        """Gradient-descent dendrites, Perforated Backpropagation, or undecided."""
        return self.identity.mode

    @property
    def sign(self) -> int | None:
        """+1 when larger scores are better, -1 when smaller ones are."""
        return None if self.measure is None else self.measure.sign

    @property
    def level(self) -> int:
        """Switch rows in the canonical files."""
        return len(self.run.canonical.switch_epochs or ())

    @property
    def may_be_cut(self) -> bool:
        """Whether the canonical files may end at a best epoch the library went back to.

        A snapshot that stands in for them does not. Where the run neither switched nor left a snapshot nothing can have been
        taken back, and where its last epoch is not the best of its phase nothing was.
        """
        if self.run.canonical.infix:
            return False
        if self.ending.finished is not None:
            return self.ending.finished
        return not self.identity.every_epoch and bool(self.level or self.run.snapshots)


def frame(run: Run, settings: Settings) -> Frame:
    """Lay out a run."""
    found = attempts(run)
    told = identity(run, settings, found)
    spans = windows_of(run.canonical, told.mode)
    return Frame(
        run=run,
        identity=told,
        measure=measure_of(told, settings),
        windows=spans,
        attempts=found,
        course=course(run, found),
        ending=ending(run, told.direction, spans),
        kept=kept_sets(run),
    )


def kept_sets(run: Run) -> int:
    """Sets in the canonical network: half of its switch rows; without that file told by its other tables."""
    if run.canonical.switch_epochs is not None:
        return len(run.canonical.switch_epochs) // 2
    if run.canonical.parameter_counts:
        return (len(run.canonical.parameter_counts) - 1) // 2
    return max(0, len(run.canonical.best_rows or ()) - 1)
