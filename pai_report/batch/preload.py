"""Imported once in the process that the workers are forked from: what all of them need.

It also makes that process die with the one that started it, and the workers with it, and lets them end quietly.
"""

import sys

from pai_report.batch.guard import die_with_parent, end_quietly
from pai_report.batch.row import told
from pai_report.report.figures.gallery import every

__all__ = ["every", "told"]

die_with_parent()
sys.excepthook = end_quietly
