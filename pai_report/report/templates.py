"""The template environment: one for all text formats, HTML escaped by default."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pai_report.report.assets import folder
from pai_report.report.clean import clean, clean_code
from pai_report.report.gfm_text import gfm_cell, gfm_code, gfm_fence, gfm_line, gfm_plain
from pai_report.report.html_text import aligned_rows, html_prose, html_text
from pai_report.report.ticket.jira_text import jira_block, jira_cell, jira_code, jira_line, jira_plain
from pai_report.report.ticket.plain_text import filled, indented, plain_lines, plain_table


@cache
def environment() -> Environment:
    """Loads from the folders in its loader's `searchpath`, first one first; unknown names in a template are errors."""
    made = Environment(
        loader=FileSystemLoader([folder("templates")]),
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
