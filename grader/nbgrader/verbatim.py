"""Text of learners in a notebook's Markdown and in comments, which nbgrader renders with HTML and TeX in it."""

from __future__ import annotations

from grader.inert import inert

_LONGEST = 20_000


def verbatim(text: str) -> str:
    """The text as a Markdown code block: shown as it is, and nothing of it works in the reader's browser.

    The formgrader shows comments unrendered, in a box: so the block is an indented one, without fences.
    """
    lines = inert(text, _LONGEST, lines=True).split("\n")
    return "\n".join(f"    {line}".rstrip() for line in lines).strip("\n")
