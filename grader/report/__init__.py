"""Renderings of results: JSON Lines, a gradebook, a page for each learner, a table for the terminal."""

from grader.report.everything import write_reports
from grader.report.table import print_table

__all__ = ["print_table", "write_reports"]
