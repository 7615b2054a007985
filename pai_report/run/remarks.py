"""What is missing or left over in a run as a whole, as notes."""

from collections.abc import Sequence

from pai_report.run.kinds import named_file
from pai_report.run.ledger import Ledger
from pai_report.run.model import Kind, Recording

_NEEDED: tuple[tuple[Kind, str], ...] = (
    ("scores", "phases, epochs and what happened in them are not recorded"),
    ("switch-epochs", "when sets were added is not known"),
    ("parameter-counts", "network sizes are taken from the best scores, if at all"),
    ("best-scores", "the best score of every network is worked out again from the scores"),
)


def remark(
    ledger: Ledger,
    canonical: Recording,
    own: Sequence[Recording],
    leftovers: Sequence[Recording],
    unused: frozenset[Kind],
) -> None:
    """Leave notes about files missing, of the requirements' own names, and of earlier runs.

    Files of the `unused` kinds are there, and a note says why they are not used.
    """
    for kind, effect in _NEEDED:
        if canonical.name(kind) is None and kind not in unused and not (kind == "scores" and own):
            ledger.note("missing-file", f"No file of {kind.replace('-', ' ')}: {effect}.")
    _missing_snapshots(ledger, canonical, own)
    document = [file for _, file in canonical.names if (parts := named_file(file)) and parts.spelling.document]
    if document:
        ledger.note("document-names", f"Named as in the requirements instead of by the library: {', '.join(document)}.")
    if leftovers:
        text = f"{len(leftovers)} snapshots are of earlier runs under the same save name and are left out"
        ledger.note(
            "left-over-snapshots",
            f"{text}: {', '.join(snapshot.infix for snapshot in leftovers[:5])}{' …' * (len(leftovers) > 5)}.",
        )


def _missing_snapshots(ledger: Ledger, canonical: Recording, own: Sequence[Recording]) -> None:
    """A set was added at every second switch row, and a snapshot written just before."""
    there = {snapshot.number for snapshot in own if snapshot.kind == "before-switch"}
    missing = [number for number in range(0, len(canonical.switch_epochs or ()), 2) if number not in there]
    if missing:
        names = ", ".join(f"_beforeSwitch_{number}" for number in missing[:5]) + " …" * (len(missing) > 5)
        ledger.note("missing-snapshots", f"{names}: not there, so that the end of that phase is not known.")
