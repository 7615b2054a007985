"""Imported once in the process that the workers are forked from, where PDFs are asked for."""

from contextlib import suppress

from pai_report.errors import ExpectedError
from pai_report.report.pango import import_weasyprint

with suppress(ExpectedError):  # each run tells that Pango is missing
    import_weasyprint()
