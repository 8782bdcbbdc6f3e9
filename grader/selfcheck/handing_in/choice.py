"""What counts of a learner's work: the modules or a notebook, whichever was worked in, and never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.inert import inert
from grader.selfcheck.course_file import Lesson
from grader.selfcheck.handing_in.problem import HandInError
from grader.selfcheck.handing_in.work import ENDING, MODULES, Work, work_in_modules, work_in_notebook, work_in_notebooks
from grader.selfcheck.terminal import quoted

NOTEBOOK = "notebook"


@dataclass(frozen=True)
class Chosen:
    """The work that counts, and what else was there and is left aside."""

    work: Work
    aside: tuple[Work, ...]


def choose(folder: Path, lesson: Lesson, asked: str | None, here: Path, command: str) -> Chosen:
    """What counts in the lesson's `folder`. `asked` is what a learner named, if anything; `command` is what was typed.

    Raises `HandInError` when that can't be told, isn't there, or can't be read.
    """
    modules = work_in_modules(folder, lesson)
    notebooks = work_in_notebooks(folder, lesson)
    every = [work for work in (modules, *notebooks) if work]
    work = _asked(asked, modules, notebooks, folder, here, lesson) if asked else _told(every, folder, lesson, command)
    if work.is_hopeless and work is not modules:
        others = [each for each in every if each is not work]
        instead = f" To hand in the {others[0].choice} instead: {command} --from {others[0].choice}" if others else ""
        raise HandInError(" ".join(work.files[0].trouble) + (instead if not asked else ""))
    return Chosen(work, tuple(each for each in every if each.choice != work.choice))


def lesson_of(lessons: Sequence[Lesson], folder: Path, paths: Sequence[Path], command: str) -> Lesson:
    """The one lesson that is meant: of those in `folder`, the one that all `paths` are in or around.

    Raises `HandInError` when there is none, or are several.
    """
    there = [lesson for lesson in lessons if (folder / lesson.id).is_dir()]
    meant = [lesson for lesson in there if any(_touch(folder / lesson.id, path) for path in paths)]
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(lesson.id for lesson in there)
    if not meant:
        raise HandInError(f"There is no lesson here to hand in. Expected a folder in {folder} of one of them: {known}.")
    raise HandInError(
        f"There are several lessons: {', '.join(lesson.id for lesson in meant)}. Hand them in one by one, "
        f"with the folder of the lesson: {command.replace('LESSON', meant[0].id)}"
    )


def _touch(lesson: Path, path: Path) -> bool:
    return path.is_relative_to(lesson) or lesson.is_relative_to(path)


def _told(every: Sequence[Work], folder: Path, lesson: Lesson, command: str) -> Work:
    """The only one that is begun; when there is none, the first that is there."""
    if not every:
        files = " or ".join(f"{module}.py" for module in lesson.modules)
        raise HandInError(f"There is nothing to hand in: expected {files}, or a notebook, in {folder}.")
    begun = [work for work in every if work.is_begun]
    if len(begun) == 1:
        return begun[0]
    if not begun:
        return every[0]
    width = max(len(inert(work.choice, 80)) for work in begun)
    rows = [f"  {inert(work.choice, 80):<{width}}  {work.state}" for work in begun]
    ways = [f"  {command} --from {quoted(inert(work.choice, 80))}" for work in begun]
    raise HandInError(
        "\n".join(
            [
                "There is work in several places, and only one of them can count:",
                *rows,
                "Bring it together in one of them, or say which counts as it is:",
                *ways,
            ]
        )
    )


def _asked(
    asked: str, modules: Work | None, notebooks: Sequence[Work], folder: Path, here: Path, lesson: Lesson
) -> Work:
    if asked == MODULES:
        if modules:
            return modules
        raise HandInError(
            f"There are no modules in {folder}: expected {' and '.join(f'{m}.py' for m in lesson.modules)}."
        )
    if asked == NOTEBOOK:
        found = [work for work in notebooks if work.is_begun] or notebooks
        if len(found) == 1:
            return found[0]
        if not found:
            raise HandInError(f"There is no notebook of this lesson in {folder}.")
        names = " or ".join(f"--from {quoted(inert(work.choice, 80))}" for work in found)
        raise HandInError(f"There are {len(found)} notebooks with your work in them. Say which one counts: {names}.")
    if not asked.lower().endswith(ENDING):
        raise HandInError(
            f'--from "{inert(asked, 80)}" says nothing: expected "{MODULES}", "{NOTEBOOK}" or a notebook\'s file name.'
        )
    path = next((path for path in (here / asked, folder / asked) if path.is_file()), None)
    if path is None:
        raise HandInError(f"There is no notebook {inert(asked, 80)}, neither here nor in {folder}.")
    return work_in_notebook(path, lesson)
