"""The template environment: one for all text formats, HTML escaped by default."""

from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, select_autoescape

from pai_report.errors import ExpectedError
from pai_report.report.assets import folders
from pai_report.report.clean import clean, clean_code
from pai_report.report.gfm_text import gfm_cell, gfm_code, gfm_fence, gfm_line, gfm_plain
from pai_report.report.html_text import aligned_rows, css_string, html_prose, html_text
from pai_report.report.sandbox import OwnLoader, Sandbox, bounded
from pai_report.report.ticket.jira_text import jira_block, jira_cell, jira_code, jira_line, jira_plain
from pai_report.report.ticket.plain_text import filled, indented, plain_lines, plain_table


def rendered(template: str, **given: Any) -> str:
    """The template of that name, filled; ExpectedError "broken-template" where one of the user's own is wrong."""
    places = folders("templates")
    if len(places) == 1:
        return environment(places).get_template(template).render(**given)  # what fails here is a mistake of ours
    try:
        return bounded(environment(places), template, given)
    except Exception as error:
        raise _explained(error, places[0]) from error


def _explained(error: Exception, own: Path) -> ExpectedError:
    """Where in the user's templates an error lies: a syntax error says it, for any other the last template line called does."""
    found = (
        [(error.filename or "", error.lineno)]
        if isinstance(error, TemplateSyntaxError)
        else [(frame.filename, frame.lineno or 0) for frame in extract_tb(error.__traceback__)]
    )
    lines = [f"{Path(name).name}, line {line}: " for name, line in found if Path(name).parent == own]
    sentence = f"A template of your own is wrong: {lines[-1] if lines else ''}{_reason(error)}."
    return ExpectedError("broken-template", sentence, "docs/templates.md lists the blocks and their fields.")


def _reason(error: Exception) -> str:
    return "it takes more memory than it may" if isinstance(error, MemoryError) else " ".join(str(error).split()).rstrip(".")


@cache
def environment(places: tuple[Path, ...]) -> Environment:
    """Loads templates from the folders `places`, first one first; unknown names in a template are errors."""
    own = len(places) > 1
    made = (Sandbox if own else Environment)(
        loader=OwnLoader(places) if own else FileSystemLoader(places),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "kind": _kind,
        "text": html_text,
        "prose": html_prose,
        "aligned_rows": aligned_rows,
        "css_string": css_string,
        "clean": clean,
        "code": clean_code,
        "line": gfm_line,
        "cell": gfm_cell,
        "plain": gfm_plain,
        "span": gfm_code,
        "fence": gfm_fence,
        "jira_block": jira_block,
        "jira_cell": jira_cell,
        "jira_code": jira_code,
        "jira_line": jira_line,
        "jira_plain": jira_plain,
        "filled": filled,
        "indented": indented,
        "lines": plain_lines,
        "plain_table": plain_table,
    }
    return made


def _kind(block: Any) -> str:
    """Name of a block's type, by which a template picks its macro."""
    return type(block).__name__
