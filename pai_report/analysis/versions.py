"""Which library versions write such files (the library's file formats)."""

from pai_report.run.model import Run

CAMEL_CASE = ("1.0.1", "1.2.5")


def versions(run: Run, *, doubled_base: bool | None) -> tuple[str, str] | None:
    """First and last version that fits; an open end is "". None where no file tells.

    `doubled_base`: whether the base network is counted twice in the parameter counts (2.0.0 to 3.0.1).
    """
    if run.era == "camel-case":
        return CAMEL_CASE
    if run.era == "best-test-scores":
        return _with_test_scores(run, doubled_base=doubled_base)
    if run.config is not None and run.config.origin == "config":
        return "3.1.4", ""
    return None if run.era is None else ("3.0.9", "")


def _with_test_scores(run: Run, *, doubled_base: bool | None) -> tuple[str, str]:
    """2.0.0 to 3.0.7, narrowed by what was written by default, by `before_final` and by how parameters are counted.

    Without Times and learning rate files: 3.0.1 to 3.0.4. The double count went with 3.0.3; with those files that leaves
    3.0.5 to 3.0.7, or up to 3.0.0.
    """
    plain = run.canonical.times is None and run.canonical.learning_rate is None
    certain = (run.canonical.parameter_counts or ())[4:] and doubled_base is not None
    first, last = ("3.0.1", "3.0.4") if plain else ("2.0.0", "3.0.7")
    if certain and doubled_base:
        last = "3.0.1" if plain else "3.0.0"
    elif certain:
        first = "3.0.3" if plain else "3.0.5"
    if first == "2.0.0" and any(snapshot.kind == "before-final" for snapshot in run.snapshots):
        first = "2.0.4"
    return first, last
