"""What a learner reads when they hand in: what goes along, what is still to do, what is wrong, and where it is."""

from __future__ import annotations

from collections.abc import Sequence

from grader.inert import inert
from grader.records import ExerciseStatus
from grader.selfcheck.course_file import Lesson
from grader.selfcheck.handing_in.archive import Fate
from grader.selfcheck.handing_in.choice import Chosen
from grader.selfcheck.handing_in.work import MODULES, Work
from grader.selfcheck.report import Line, wrapped
from grader.selfcheck.state import Standing

_LATER = (ExerciseStatus.TODO, ExerciseStatus.PASSED)


def contents(lesson: Lesson, name: str, chosen: Chosen, standing: Sequence[Standing]) -> list[Line]:
    """What will be in the archive, and what is to be known of it."""
    lines: list[Line] = [[(f"Handing in: {lesson.title}, as {inert(name, 200)}", "bold")], []]
    files = [file for file in chosen.work.files if file.data is not None]
    names = max(len(file.name) for file in files)
    sizes = [f"{len(file.data or b''):,} bytes" for file in files]
    for file, size in zip(files, sizes, strict=True):
        lines.append([(f"  {file.name:<{names}}  {size:>{max(map(len, sizes))}}   {file.state}", "")])
    lines.append([])
    for sentence in [words for file in chosen.work.files for words in file.trouble]:
        lines += wrapped(sentence, "  ! ", style="yellow")
    if not chosen.work.is_begun:
        lines += wrapped("Nothing is written yet: as it is, it earns no points.", "  ! ", style="yellow")
    for sentence in [*_standing(lesson, standing), *map(_aside, chosen.aside)]:
        lines += wrapped(sentence, "  ")
    return lines


def end(file: str, size: int, fate: Fate) -> list[Line]:
    """That it is done, and what to do with it."""
    done = {"written": "Written", "replaced": "Written, in place of an earlier one", "unchanged": "It is there already"}
    return [
        [],
        [(f"{done[fate]}: {inert(file, 200)}, {size:,} bytes.", "green")],
        [("This is the file to hand in.", "")],
    ]


def _standing(lesson: Lesson, standing: Sequence[Standing]) -> list[str]:
    def named(*statuses: ExerciseStatus) -> list[str]:
        return [each.exercise.id for each in standing if each.result.status in statuses and each.whole]

    done, to_do = named(ExerciseStatus.PASSED), named(ExerciseStatus.TODO)
    wrong = named(*(status for status in ExerciseStatus if status not in _LATER))
    looked_at = {*done, *to_do, *wrong}
    rows = {
        "Still to do": to_do,
        "Not right yet": wrong,
        "Not looked at": [name for name in lesson.exercises if name not in looked_at],
    }
    said = [f"Done: {len(done)} of {len(lesson.exercises)} exercises."]
    return said + [f"{words}: {', '.join(names)}." for words, names in rows.items() if names]


def _aside(work: Work) -> str:
    if work.choice == MODULES:
        names = " and ".join(file.name for file in work.files if file.data is not None)
        were = "are" if " and " in names else "is"
    else:
        names, were = inert(work.choice, 80), "is"
    return f"{names} {were} left aside: {work.state if work.is_begun else 'nothing is written there'}."
