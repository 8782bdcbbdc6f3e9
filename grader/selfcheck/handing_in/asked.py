"""What `--hand-in` and `--from` ask for, told before any check runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.selfcheck.course_file import Lesson
from grader.selfcheck.handing_in.choice import Chosen, choose, lesson_of
from grader.selfcheck.handing_in.hand_in import HandIn, Plan, plan
from grader.selfcheck.handing_in.name import checked_name
from grader.selfcheck.handing_in.problem import HandInError
from grader.selfcheck.in_process import InProcess
from grader.selfcheck.run import Run
from grader.selfcheck.saved_notebook import InSavedNotebook, SavedNotebook
from grader.selfcheck.terminal import command_for, quoted
from grader.selfcheck.time_limit import TimeLimit
from grader.selfcheck.writer import Writer


@dataclass(frozen=True)
class Asked:
    """The work that is looked at, and what is to be handed in of it, if anything."""

    chosen: Chosen
    plan: Plan | None

    def hand_in(self, run: Run, writer: Writer) -> HandIn | None:
        """The plugin that carries the plan out."""
        return HandIn(self.plan, run, writer) if self.plan else None

    @property
    def notebook(self) -> SavedNotebook | None:
        """The notebook that counts; None when the modules do."""
        return self.chosen.work.notebook

    def reach(self, show: bool) -> Callable[[Lesson, TimeLimit], InProcess] | None:
        """The way to the functions of the notebook; None stands for that to the modules."""
        notebook = self.notebook
        if notebook is None:
            return None
        return lambda _, limit: InSavedNotebook(notebook, limit, show=show)


def asked_of(config: pytest.Config, folder: Path, lessons: Mapping[str, Lesson]) -> Asked:
    """What the command line asks for, of the lessons in `folder`.

    Raises `UsageError` when it can't be done.
    """
    name, what = config.option.hand_in, config.option.selfcheck_from
    here = config.invocation_params.dir
    paths = [(here / argument.partition("::")[0]).resolve() for argument in config.args]
    try:
        shown = None if name is None else checked_name(name)
        asks = "" if shown is None else f" --hand-in {quoted(shown)}"
        typed = f"{command_for(folder / 'LESSON', here)}{asks}"
        lesson = lesson_of(list(lessons.values()), folder, paths, typed)
        only = len([each for each in lessons if (folder / each).is_dir()]) == 1
        where = folder if only else folder / lesson.id
        chosen = choose(folder / lesson.id, lesson, what, here, f"{command_for(where, here)}{asks}")
        return Asked(chosen, None if name is None else plan(name, lesson, chosen, here))
    except HandInError as error:
        raise pytest.UsageError(str(error)) from None
