"""Figures made ready for a page and for a file of their own. Their ids differ already: each begins with its figure's."""

from markupsafe import Markup, escape

from pai_report.report.clean import clean
from pai_report.report.document import Figure

_OPENING = "<svg "
_GROUND = '<rect width="100%" height="100%" fill="#fff"/>'


def inline_svg(figure: Figure) -> Markup:
    """The drawing as an element of an HTML page, named for screen readers."""
    named = f'<svg role="img" aria-label="{escape(clean(figure.alt))}" '
    return Markup(figure.svg.replace(_OPENING, named, 1))  # noqa: S704 our own drawing


def svg_file(figure: Figure) -> bytes:
    """The drawing as a file of its own, on white, so that it reads on a page of any colour."""
    opening, bracket, content = figure.svg.partition(">")
    return f"{opening}{bracket}{_GROUND}{content}".encode()
