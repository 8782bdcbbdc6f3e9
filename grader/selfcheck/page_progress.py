"""What a lesson's page shows of its learner's progress: what is done, and the losses of their own training.

A page runs no script. It has a place for each of these, and this style sheet beside it fills them: one line for each
exercise, so that a run of some exercises leaves what is known of the others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from grader.core.assignment import PAGE, PROGRESS
from grader.core.records import ExerciseStatus
from grader.selfcheck.curves import Curve, curve_svg
from grader.selfcheck.state import ExerciseState

_DONE = '.of-{0}::after{{content:" \\2713";content:" \\2713"/" done"}}'
_CURVE = ".curve-{0}{{display:block}}.curve-{0} i{{-webkit-mask:{1} no-repeat 0/contain;mask:{1} no-repeat 0/contain}}"


def mark_page(folder: Path, standing: Sequence[ExerciseState], curves: Mapping[str, Curve]) -> None:
    """Fill in the page of the lesson in `folder`, if it has one. `curves` are by exercise. Where nothing can be written
    it stays as it is."""
    if not (folder / PAGE).is_file():
        return
    path = folder / PROGRESS
    with contextlib.suppress(OSError, UnicodeDecodeError):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        known = {line.split()[1]: line for line in before.splitlines() if line.startswith("/* ")}
        for each in standing:
            known[each.exercise.id] = _line(each, curves.get(each.exercise.id))
        text = "".join(f"{line}\n" for line in known.values())
        if text != before:
            path.write_text(text, encoding="utf-8")


def _line(each: ExerciseState, curve: Curve | None) -> str:
    name = each.exercise.id
    done = _DONE.format(name) if each.result.status is ExerciseStatus.PASSED and each.whole else ""
    picture = f'url("data:image/svg+xml,{quote(_alone(curve_svg(name, curve)))}")' if curve else ""
    return f"/* {name} */ {done}{_CURVE.format(name, picture) if picture else ''}"


def _alone(svg: str) -> str:
    """The same picture as a file of its own."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
