"""`pytest exercises --watch`: on each save the checks run again, and the report moves on to the next exercise.

One process stays, with torch loaded and nothing of the learner's. Each run is a copy of it, or a new Python where
processes aren't copied (`watch_run.py`); in it runs an ordinary pytest session, which says what it would say alone. In
such a session this module is a plugin: it leaves out the list of all exercises, unless that is asked for, and praises
what was done since the run before.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pytest

from grader.core.assignment import FILE_NAME, Assignment
from grader.core.records import ExerciseStatus, Finding
from grader.selfcheck.report import Line, obstacle, wrapped
from grader.selfcheck.run import CHECKS
from grader.selfcheck.state import ExerciseState, next_thing
from grader.selfcheck.time_limits import can_be_asked
from grader.selfcheck.watch_run import Runs

NAME = "grader.selfcheck.watch"
_LOOK_SECONDS = 0.01  # between two looks at the files; one takes a tenth of a thousandth
_NOTES = "SELFCHECK_NOTES"  # in the environment of a run: the file of what one run notes for the next
_PRAISE = ("Well done!", "Good work!", "Very good!", "Nicely done!")
# What a run loads of these is there already in its copy of this process.
_LOADED_LATER = (
    "grader.selfcheck.line_search",
    "grader.selfcheck.optimizer",
    "numpy.random",
    "pdb",
    "torch.profiler._cupti_monitor",
    "torch.utils.serialization.config",
)
_KEYS = "Watching: save a file to check again.  h hint  a all exercises  q quit"


def watch(folder: Path, arguments: Sequence[str], hint: Callable[[str, str], str], ahead: bool) -> int:
    """Check again whenever a file is saved, until q or Ctrl-C.

    `folder` holds the lessons, `arguments` are pytest's without `--watch`, and `hint` gives the next hint of a
    lesson's exercise. `ahead` says that a run shows nothing before its first check, so that the next one can be
    prepared. Returns an exit code.
    """
    clear = clearing(sys.stdout)
    runs = Runs([*arguments, "-p", NAME], ahead)
    _load()
    with tempfile.TemporaryDirectory() as scratch, _keys() as key, contextlib.suppress(KeyboardInterrupt):
        notes = Path(scratch, "notes.json")
        os.environ[_NOTES] = str(notes)
        files, pressed, saved = _files(folder), "r", ""
        try:
            while pressed != "q":
                if pressed in ("r", "a"):
                    runs.end()
                    say(clear, end="")
                    runs.begin(listed=pressed == "a")
                if pressed == "h" and not runs.is_at_work:
                    say(f"{_hint(notes, hint, saved)}\n{_KEYS}")
                if runs.is_over():
                    say(f"\n{_KEYS}")
                pressed = key()
                now = _files(folder)
                changed = [path for path in {**now, **files} if now.get(path) != files.get(path)]
                files = now
                if not all(_is_read_late(path, folder) for path in changed):
                    runs.forget_prepared()
                if seen := [path for path in changed if _is_checked(path)]:
                    pressed, saved = "r", _lesson_of(seen[0], folder) or saved
        finally:
            runs.end()
            runs.forget_prepared()
    return int(pytest.ExitCode.OK)


def is_within_a_watch() -> bool:
    """Whether this is one of the runs of a watch."""
    return _NOTES in os.environ


def clearing(output: TextIO) -> str:
    """What clears the screen that a report is shown on; empty where there is no screen."""
    return "\x1b[2J\x1b[H" if output.isatty() and os.environ.get("TERM") != "dumb" else ""


def praise(lesson: Assignment, standing: Sequence[ExerciseState]) -> list[Line]:
    """Praise for what was not done at the run before. What is done now is noted for the run after."""
    notes = Path(os.environ[_NOTES])
    before = _read(notes)
    done = [each.exercise.id for each in standing if each.result.status is ExerciseStatus.PASSED]
    tried = {each.exercise.id for each in standing if each.is_reached}
    known: Mapping[str, Any] = before.get(lesson.id, {})
    new = [name for name in done if known and name not in known["done"]]
    then = next_thing(standing)
    kept = [name for name in known.get("done", ()) if name not in tried]
    after = {**before, lesson.id: {"done": [*kept, *done], **_noted(then)}}
    notes.write_text(json.dumps(after), encoding="utf-8")
    if not new:
        return []
    names = f"{', '.join(new[:-1])} and {new[-1]} are" if len(new) > 1 else f"{new[0]} is"
    return [[], *wrapped(f"{names} done. {_PRAISE[len(done) % len(_PRAISE)]}", "", "green")]


def forget_next(lessons: Iterable[Assignment]) -> None:
    """Note of lessons that are not shown that nothing in them is next."""
    notes = Path(os.environ[_NOTES])
    before = _read(notes)
    known = {each.id: {**before[each.id], **_noted(None)} for each in lessons if each.id in before}
    notes.write_text(json.dumps({**before, **known}), encoding="utf-8")


def _noted(then: ExerciseState | None) -> dict[str, str]:
    """What is to be known of the next thing when a hint is asked for: the exercise, or what keeps it from being
    tried."""
    if then is None:
        return {"next": "", "obstacle": ""}
    if then.is_reached:
        return {"next": then.exercise.id, "obstacle": ""}
    finding = then.result.finding or Finding("")
    return {"next": "", "obstacle": obstacle(finding) or f"{then.exercise.module}.py"}


def _load() -> None:
    """Load what the runs would have to load one by one."""
    for name in _LOADED_LATER if can_be_asked() else ():
        with contextlib.suppress(ImportError):  # another version of torch has no such module
            importlib.import_module(name)


def _hint(notes: Path, hint: Callable[[str, str], str], saved: str) -> str:
    """The next hint of what is next in the lesson that was saved last, or else in the first one."""
    noted = _read(notes)
    wanted = {lesson: each["next"] for lesson, each in noted.items() if each["next"]}
    obstacles = {lesson: each["obstacle"] for lesson, each in noted.items() if each["obstacle"]}
    if obstacles and (saved in obstacles or saved not in wanted):
        where = obstacles.get(saved) or next(iter(obstacles.values()))
        return f"Before any hint can help, see to {where}: until then nothing there can be checked."
    if not wanted:
        return "There is nothing left to do: all visible checks pass."
    lesson = saved if saved in wanted else next(iter(wanted))
    return hint(lesson, wanted[lesson])


def _lesson_of(path: str, folder: Path) -> str:
    """The lesson that a file is in; empty where it is in none."""
    parts = Path(path).parts[len(folder.parts) :]
    return parts[0] if len(parts) > 1 else ""


def _read(notes: Path) -> dict[str, Any]:
    """What the run before noted; nothing where it came to no end."""
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(notes.read_text(encoding="utf-8"))
        return found
    return {}


_Files = dict[str, tuple[int, int, int]]


def _files(folder: Path) -> _Files:
    """The course's files as they are now: an editor may write into one, or put another in its place."""
    found: _Files = {}
    for path in (folder.parent / FILE_NAME, folder.parent / "pytest.ini"):
        with contextlib.suppress(OSError):
            found[str(path)] = _state(path.stat())
    for lesson in _look(str(folder), found):
        for inner in _look(lesson, found):
            if inner.endswith(f"{os.sep}{CHECKS}"):
                _look(inner, found)
    return found


def _look(folder: str, found: _Files) -> list[str]:
    """Take in the files of a folder; the folders in it."""
    folders: list[str] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                folders += [entry.path] if entry.name[0] not in "._" else []
            else:
                with contextlib.suppress(OSError):
                    found[entry.path] = _state(entry.stat())
    return folders


def _state(of: os.stat_result) -> tuple[int, int, int]:
    return of.st_ino, of.st_mtime_ns, of.st_size


def _is_checked(path: str) -> bool:
    """Whether the checks run again when this file is saved."""
    return path.endswith((".py", ".ipynb", "pytest.ini", FILE_NAME))


def _is_read_late(path: str, folder: Path) -> bool:
    """Whether a run reads this file only once it may go on, if at all: it is a learner's, or what a run or an editor
    keeps for itself."""
    name, parent = Path(path).name, Path(path).parent
    if name[0] in ".#" or name[-1] in "~#":
        return True
    is_work = name.endswith((".py", ".ipynb")) and name not in ("conftest.py", "__init__.py")
    return is_work and parent.parent == folder


def say(text: str, end: str = "\n") -> None:
    """Print a text in what the output's encoding has."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end=end, flush=True)


@contextlib.contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """What gives the key that is pressed within a moment, or else nothing."""
    if os.name == "nt":
        yield _key_on_windows
        return
    import termios  # not there on Windows
    import tty

    source = sys.stdin.fileno()
    before = termios.tcgetattr(source) if os.isatty(source) else None
    if before:
        tty.setcbreak(source)
    at_end = False

    def pressed() -> str:
        nonlocal at_end
        if at_end or not select.select([source], [], [], _LOOK_SECONDS)[0]:
            time.sleep(_LOOK_SECONDS if at_end else 0)
            return ""
        given = os.read(source, 1)
        at_end = not given
        return given.decode("ascii", "replace").lower()

    try:
        yield pressed
    finally:
        if before:
            termios.tcsetattr(source, termios.TCSADRAIN, before)


def _key_on_windows() -> str:
    import msvcrt

    time.sleep(_LOOK_SECONDS)
    windows: Any = msvcrt
    return str(windows.getwch()).lower() if windows.kbhit() else ""
