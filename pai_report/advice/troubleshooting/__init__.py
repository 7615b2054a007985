"""Troubleshooting T1 to T3: no dendrites added, dendrites that did not improve, training that is unstable."""

from pai_report.advice.rule import Rule
from pai_report.advice.troubleshooting import noise, not_added, rejected, stopped, unstable

RULES: tuple[Rule, ...] = (*not_added.RULES, *stopped.RULES, *rejected.RULES, *noise.RULES, *unstable.RULES)
