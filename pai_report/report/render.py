"""One document in the format asked for."""

from pai_report.report.document import Document
from pai_report.report.gfm import gfm_page
from pai_report.report.html import html_page
from pai_report.report.pdf import pdf_bytes
from pai_report.report.rendition import Assets, Format, Rendered


def render(document: Document, fmt: Format, assets: Assets, stem: str = "report") -> Rendered:
    """`document` as `fmt`. `stem` is the output's name without suffix: Markdown keeps its pictures in `{stem}_files/`.

    Raises ExpectedError "pango-missing" for a PDF where Pango is not installed; no other format needs it.
    """
    match fmt:
        case "html":
            return Rendered(main=html_page(document, assets).encode())
        case "md":
            return gfm_page(document, assets, stem)
        case "pdf":
            return Rendered(main=pdf_bytes(document, assets))
        case "json":
            return Rendered(main=assets.report_json)
