"""Can the files be trusted? What makes everything below void, and what the reader must know about the data."""

from pai_report.advice.rule import Rule
from pai_report.advice.trust import columns, direction, files, kind_of_run, library_settings, rate, tables, unchanged

RULES: tuple[Rule, ...] = (
    *direction.RULES,
    *kind_of_run.RULES,
    *library_settings.RULES,
    *columns.RULES,
    *rate.RULES,
    *files.RULES,
    *tables.RULES,
    *unchanged.RULES,
)
