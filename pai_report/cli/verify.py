"""`pai-report verify REPORT.pdf`: does a report follow from the files inside it?"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pai_report.cli.choices import configured_settings
from pai_report.cli.exits import GATE_REACHED, WRITTEN
from pai_report.cli.talk import show

SHOWN = 20  # differences; more are counted


def verify(report: Annotated[Path, Parameter(name="REPORT")], /) -> int:
    """Recompute a PDF report from the files inside it and say what differs. Exits with 1 where something does.

    Compared is what report.json in it says; the pages and pictures are not.

    Parameters
    ----------
    report
        The PDF. Its numbers and findings are compared as `report.json` in it holds them.
    """
    from pai_report import __version__
    from pai_report.report.clean import clean
    from pai_report.verification import verify as verified

    held = verified(report, configured_settings())
    notes = "" if held.generator == f"pai-report {__version__}" else f" {held.generator} wrote it, {__version__} checked it."
    if held.script:
        notes += f" The settings of {held.script} are taken from the report; scripts do not travel with it."
    if not held.differences:
        show(
            clean(
                f"{report.name} follows from its {_counted(held.files, 'file')}: {_counted(held.findings, 'finding')} and "
                f"{_counted(held.numbers, 'number')} are the same; pages and pictures were not compared.{notes}"
            )
        )
        return WRITTEN
    lines = [f"{report.name} does not follow from its {_counted(held.files, 'file')}.{notes}"]
    lines += [f"  {one.place}: the report says {one.told}, the files say {one.found}" for one in held.differences[:SHOWN]]
    if len(held.differences) > SHOWN:
        lines.append(f"  and {len(held.differences) - SHOWN} more")
    show("\n".join(clean(line) for line in lines))
    return GATE_REACHED


def _counted(number: int, noun: str) -> str:
    from pai_report.advice.phrases import count
    from pai_report.report.text import quantity_text

    return quantity_text(count(number, noun))
