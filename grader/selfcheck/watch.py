"""`pytest exercises --watch`: on each save the checks run again, and the report moves on to the next exercise.

One process stays, with torch loaded and nothing of the learner's. Each run is a copy of it, or a new Python where
processes aren't copied; in it runs an ordinary pytest session, which says what it would say alone. In such a session
this module is a plugin: it leaves out the list of all exercises, unless that is asked for, and praises what was done
since the run before.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

import pytest

from grader.core.assignment import FILE_NAME, Assignment
from grader.core.records import ExerciseStatus, Finding
from grader.selfcheck.fast_exit import leave
from grader.selfcheck.report import Line, obstacle, wrapped
from grader.selfcheck.state import ExerciseState, next_thing
from grader.selfcheck.time_limits import can_be_asked, copy_of_this_process

NAME = "grader.selfcheck.watch"
_LOOK_SECONDS = 0.02  # between two looks at the files; one takes a fifth of a thousandth
_NOTES = "SELFCHECK_NOTES"  # in the environment of a run: the file of what one run notes for the next
_LISTED = "SELFCHECK_LISTED"  # whether a run is to list all exercises
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


class _Run(Protocol):
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


def watch(folder: Path, arguments: Sequence[str], hint: Callable[[str, str], str]) -> int:
    """Check again whenever a file is saved, until q or Ctrl-C.

    `folder` holds the lessons, `arguments` are pytest's without `--watch`, and `hint` gives the next hint of a
    lesson's exercise. Returns an exit code.
    """
    clear = clearing(sys.stdout)
    _load()
    with tempfile.TemporaryDirectory() as scratch, _keys() as key, contextlib.suppress(KeyboardInterrupt):
        notes = Path(scratch, "notes.json")
        os.environ[_NOTES] = str(notes)
        files, pressed, saved = _files(folder), "r", ""
        running: _Run | None = None
        try:
            while pressed != "q":
                if pressed in ("r", "a"):
                    _end(running)
                    say(clear, end="")
                    os.environ[_LISTED] = "1" if pressed == "a" else ""
                    running = _started([*arguments, "-p", NAME])
                if pressed == "h" and running is None:
                    say(f"{_hint(notes, hint, saved)}\n{_KEYS}")
                if running and running.poll() is not None:
                    running = None
                    say(f"\n{_KEYS}")
                pressed = key()
                if (now := _files(folder)) != files:
                    changed = next(iter(dict(now.items() - files.items())), "")
                    files, pressed, saved = now, "r", _lesson_of(changed, folder) or saved
        finally:
            _end(running)
    return int(pytest.ExitCode.OK)


def is_within_a_watch() -> bool:
    """Whether this is one of the runs of a watch."""
    return _NOTES in os.environ


def lists_all() -> bool:
    """Whether this run of a watch is to list all exercises."""
    return bool(os.environ[_LISTED])


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


def _files(folder: Path) -> dict[str, tuple[int, int, int]]:
    """The course's files as they are now: an editor may write into one, or put another in its place."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in (
        *folder.glob("*/*.py"),
        *folder.glob("*/*.ipynb"),
        *folder.glob("*/checks/*.py"),
        folder.parent / FILE_NAME,
    ):
        with contextlib.suppress(OSError):
            state = path.stat()
            found[str(path)] = (state.st_ino, state.st_mtime_ns, state.st_size)
    return found


class _Copy:
    """A copy of this process, in which the checks run."""

    def __init__(self, arguments: Sequence[str]) -> None:
        sys.stdout.flush()
        self._child = copy_of_this_process()
        if self._child == 0:
            code = int(pytest.ExitCode.INTERNAL_ERROR)
            try:
                code = int(pytest.main(list(arguments)))
            finally:
                leave(code)

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        ended, status = os.waitpid(self._child, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if ended else None

    def kill(self) -> None:
        """End it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, 9)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._child, 0)


def _started(arguments: Sequence[str]) -> _Run:
    if can_be_asked():
        return _Copy(arguments)
    return subprocess.Popen([sys.executable, "-m", "pytest", *arguments])


def _end(running: _Run | None) -> None:
    if running:
        running.kill()


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
