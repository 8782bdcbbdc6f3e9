"""`pytest exercises --watch`: from a save to the verdict on a terminal, beside `pytest exercises` in a new process.

    python -m benchmarks.watch 48        # saves in each lesson, in turns with the lessons

Prints JSON: seconds by name. The verdict is there with its last line; of a wrong result, the line behind it may come a
moment later.
"""

from __future__ import annotations

import ast
import json
import os
import pty
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.subject import MARKERS, ROOT

VERDICT, COLD = "watch, save to verdict", "pytest exercises"
_ENDS = ("Save the file to try again.", "All visible checks pass.")  # the last line, or the one that is sure to come
_MOST_SECONDS = 300  # that it may take to be shown
_KEYS = "q quit"
_COLD_EVERY = 8  # saves


class _Lesson:
    """A course of one lesson, all of it solved, and a watch of it on a terminal of its own."""

    def __init__(self, folder: Path, lesson: str) -> None:
        self._course, self._seen = folder / lesson, ""
        shutil.copytree(ROOT / "exercises", self._course / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("course.toml", "grader"):
            (self._course / name).symlink_to(ROOT / name)
        paths = [ROOT / "solutions" / lesson / f"{module}.py" for module in _lessons()[lesson]["modules"]]
        self._modules = {path: _without_markers(path) for path in paths}
        for path, text in self._modules.items():
            self._write(path, text)
        wrong = [(path, each) for path, text in self._modules.items() for each in _wrong(text)]
        random.Random(0).shuffle(wrong)
        self._wrong, self._number = cycle(wrong), 0
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "OMP_"))}
        self._env = {**kept, "TERM": "xterm"}
        self._terminal, theirs = pty.openpty()
        self._watch = self._pytest("--watch", stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self._until(_KEYS)

    def save(self) -> float:
        """Save something that is wrong, or else what is right again: the seconds to its verdict."""
        self._number += 1
        if self._number % 2:
            self._path, text = next(self._wrong)
        else:
            text = self._modules[self._path]
        started = time.perf_counter()
        self._write(self._path, f"{text}\n# {self._number}\n")
        self._until(*_ENDS)
        seconds = time.perf_counter() - started
        self._until(_KEYS)
        # Nobody saves again before the next run is prepared; then at any time between two looks at the files.
        time.sleep(random.uniform(1, 1.1))
        return seconds

    def cold(self) -> float:
        """Seconds for a run in a new process."""
        started = time.perf_counter()
        self._pytest(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()
        return time.perf_counter() - started

    def close(self) -> None:
        """End the watch."""
        self._watch.kill()
        self._watch.wait()
        os.close(self._terminal)

    def _pytest(self, *more: str, **streams: int | bool) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pytest", "exercises", *more]
        return subprocess.Popen(command, cwd=self._course, env=self._env, **streams)  # type: ignore[call-overload, no-any-return]

    def _write(self, path: Path, text: str) -> None:
        (self._course / "exercises" / path.parent.name / path.name).write_text(text, "utf-8")

    def _until(self, *ends: str) -> None:
        """Read what the terminal shows, up to one of these."""
        while not any(end in self._seen for end in ends):
            if not select.select([self._terminal], [], [], _MOST_SECONDS)[0]:
                raise TimeoutError(f"none of {', '.join(ends)} is shown: {self._seen[-2000:]}")
            self._seen += os.read(self._terminal, 65536).decode("utf-8", "replace")
        end = next(each for each in ends if each in self._seen)
        self._seen = self._seen.partition(end)[2]


def _lessons() -> dict[str, Any]:
    lessons: dict[str, Any] = tomllib.loads((ROOT / "course.toml").read_text("utf-8"))["assignments"]
    return lessons


def _without_markers(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if line.strip() not in MARKERS)


def _wrong(text: str) -> list[str]:
    """The module with each function in turn giving something wrong at once."""
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            lines = text.splitlines()
            lines.insert(node.body[1].lineno - 1, "    return 0")  # after its docstring
            found.append("\n".join(lines))
    return found


def main() -> None:
    """So many saves in each lesson, and cold runs between them."""
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 48
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        lessons = {name: _Lesson(Path(place), name) for name in _lessons()}
        try:
            for number in range(saves):
                for name, lesson in lessons.items():
                    found.setdefault(f"{VERDICT}, {name}", []).append(lesson.save())
                    if number % _COLD_EVERY == 0:
                        found.setdefault(f"{COLD}, {name}", []).append(lesson.cold())
        finally:
            for lesson in lessons.values():
                lesson.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
