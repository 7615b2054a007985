"""A night as JUnit XML, which continuous integration shows as tests: one case for each run."""

from xml.etree import ElementTree as ET

from pai_report.batch.model import RANK, Row
from pai_report.batch.night import Night
from pai_report.report.clean import clean
from pai_report.report.document import Severity


def junit_xml(night: Night, fail_on: Severity | None) -> bytes:
    """One test case for each run: an error where it could not be reported, a failure where it reaches `fail_on`."""
    gated = [row for row in night.rows if fail_on and not row.failure and night.reaches(row, fail_on)]
    failed = [row for row in night.rows if row.failure]
    counts = {"tests": len(night.rows), "failures": len(gated), "errors": len(failed)}
    suite = ET.Element("testsuite", {"name": "pai-report", **{name: str(count) for name, count in counts.items()}})
    for row in night.rows:
        suite.append(_case(row, night, fail_on))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _case(row: Row, night: Night, fail_on: Severity | None) -> ET.Element:
    folder, _, name = row.run.rstrip("/").rpartition("/")
    case = ET.Element("testcase", {"classname": clean(folder or "."), "name": clean(name)})
    if row.failure is not None:
        ET.SubElement(case, "error", {"type": row.failure.slug, "message": clean(row.failure.sentence)})
    elif fail_on and night.reaches(row, fail_on):
        reached = [
            flaw for flaw in row.flaws if RANK[flaw.severity] <= RANK[fail_on] and (row.name, flaw.code) not in night.quiet
        ]
        titles = "\n".join(clean(f"{flaw.code} {flaw.severity}: {flaw.title}") for flaw in reached)
        failure = ET.SubElement(case, "failure", {"type": reached[0].code, "message": clean(reached[0].title)})
        failure.text = titles
    return case
