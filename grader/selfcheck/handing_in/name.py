"""The name under which somebody hands in: a plain file name on every system, and the learner's name in all results."""

from __future__ import annotations

import re

from grader.inert import inert
from grader.selfcheck.handing_in.problem import HandInError

ENDING = ".zip"
_MOST_BYTES = 200  # file systems take 255, and things are added to names on their way
# Not possible in the name of a file on Windows: "Naming Files, Paths, and Namespaces" in Microsoft's documentation.
_SIGNS = '<>:"|?*'
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_LEFT_ASIDE = ("__MACOSX", "__pycache__")


def checked_name(given: str) -> str:
    """The name, without an ending `.zip` that somebody typed along. Raises `HandInError` when no file can have it."""
    name = given.strip()
    if name.lower().endswith(ENDING):
        name = name[: -len(ENDING)].rstrip()
    problem = _problem(name)
    if problem:
        raise HandInError(
            f'"{inert(given, 60)}" can\'t be the name of what you hand in: {problem}. '
            "Give a plain name such as ada, the one that you are known by in the course."
        )
    return name


def plain_or(name: str, otherwise: str) -> str:
    """A file's own name where every system and archive can have it, else the other one."""
    return otherwise if _problem(name) else name


def _problem(name: str) -> str:
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name:
        return "it holds a slash; it is a name, not a path: the archive is written in the folder that you are in"
    if name.startswith("."):
        return "it begins with a dot, and hidden files are not graded"
    if name.endswith("."):
        return "it ends with a dot"
    signs = [sign for sign in _SIGNS if sign in name]
    if signs:
        return f"it holds {' and '.join(signs)}, which file names can't hold everywhere"
    if inert(name, len(name) + 1) != name:
        return "it holds characters that can't be seen"
    if _RESERVED.fullmatch(name) or name in _LEFT_ASIDE:
        return "that name has a meaning of its own on some systems"
    if len(name.encode("utf-8")) > _MOST_BYTES:
        return f"it is longer than {_MOST_BYTES} bytes"
    return ""
