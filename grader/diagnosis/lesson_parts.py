"""The parts of a lesson's text, by their anchors: where feedback sends a learner to read on.

In `exercises/LESSON/lesson.md` a line `<a id="the-loss"></a>` stands before the heading of a part.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.course import Assignment
from grader.errors import BankError

_ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>\s*$')
_HEADING = re.compile(r"#{1,6} +(.+?) *#*$")


def lesson_parts(root: Path, assignment: Assignment) -> dict[str, str]:
    """By anchor, words for where a part is: `the lesson, "How wrong is it?" (lesson.html#the-loss)`.

    Empty for a lesson that has no text. Raises `BankError` when it can't be read.
    """
    path = root / "exercises" / assignment.id / "lesson.md"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BankError(f"{path} can't be read: {error}.") from None
    parts: dict[str, str] = {}
    anchor = ""
    for line in lines:
        if found := _ANCHOR.match(line):
            anchor = found[1]
        elif anchor and (heading := _HEADING.match(line)):
            title = re.sub(r"[*`_]", "", heading[1])
            parts[anchor] = f"the lesson, “{title}” (lesson.html#{anchor})"
            anchor = ""
    return parts
