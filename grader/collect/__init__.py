"""Submissions as they come: folders, archives and notebooks, read as data and never trusted.

`find_entries` says who handed something in, `read_entry` reads one entry. Nothing here runs learner code, follows a
symlink, unpacks to the disk or raises for what a learner handed in: the worst answer is an `Unread` with a sentence.
"""

from grader.cells.source import Line, ModuleSource
from grader.collect.entries import Found, find_entries
from grader.collect.submission import Entry, Submission, Unread, read_entry

__all__ = [
    "Entry",
    "Found",
    "Line",
    "ModuleSource",
    "Submission",
    "Unread",
    "find_entries",
    "read_entry",
]
