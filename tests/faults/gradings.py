"""A real grading that can be disturbed."""

from __future__ import annotations

import contextlib
import os
import select
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import in_the_foreground
from tests.faults.processes import LONG, Process, eventually

RESULT = " of 30"  # in a line that tells of one


class Grading:
    """`python -m grader grade` at work. What it prints is read as it comes."""

    def __init__(self, command: Sequence[str], cwd: Path, environment: dict[str, str], **more: Any) -> None:
        output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
        output |= {"preexec_fn": in_the_foreground, **more}
        # Without a buffer: what was printed and not read yet can be seen.
        self.process = subprocess.Popen(command, cwd=cwd, env=environment, bufsize=0, **output)
        self.text = ""

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_for(self, words: str) -> bool:
        """Until a further line with these words is printed; false when it ended without one."""
        assert self.process.stdout
        while line := self.process.stdout.readline().decode():
            self.text += line
            if words in line:
                return True
        return False

    def wait_for_result(self, count: int = 1) -> bool:
        """Until so many more results are stored: a line is printed for each, once it is."""
        return all(self.wait_for(RESULT) for _ in range(count))

    def results(self) -> int:
        """How many results it has told of by now."""
        assert self.process.stdout
        while select.select([self.process.stdout], [], [], 0)[0] and (line := self.process.stdout.readline()):
            self.text += line.decode()
        return self.text.count(RESULT)

    def processes(self, *roles: str) -> list[Process]:
        """Those that there are now, of these roles, or of any."""
        return [each for each in Process.all_of(self.pid) if not roles or each.role in roles]

    def wait_for_process(self, *roles: str) -> Process:
        """Until there is one of these roles."""
        return eventually(lambda: self.processes(*roles))[0]

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def dispose(self) -> None:
        """End whatever there still is of it."""
        for process in self.processes():
            process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stdin):
            if pipe:
                pipe.close()

    def end(self) -> int:
        """Wait for its end; `text` is then all that it printed. Gives the exit status."""
        rest, _ = self.process.communicate(timeout=LONG)
        self.text += (rest or b"").decode()
        return self.process.returncode


@dataclass
class Place:
    """Where gradings run: a class, a folder for each one's results, and a temporary folder of their own."""

    folder: Path
    course: Path
    root: Path
    top: Path
    started: list[Grading]

    @property
    def temporary(self) -> Path:
        return self.top / "temporary"

    def start(
        self,
        out: Path,
        *more: object,
        folder: Path | None = None,
        course: Path | None = None,
        cwd: Path | None = None,
        before: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        program: Sequence[str] = ("-m", "grader"),
        **popen: Any,
    ) -> Grading:
        """Begin one. `before` is what its command line starts with, `program` what Python runs."""
        words = ["--course", course or self.course, "grade", folder or self.folder, "--out", out, "--jobs", 1, *more]
        self.temporary.mkdir(exist_ok=True)
        # A process keeps its lines to itself when nobody is at a terminal, unless it is told not to.
        settings = {"TMPDIR": str(self.temporary), "COLUMNS": "100", "PYTHONUNBUFFERED": "1", **(environment or {})}
        grading = Grading(
            [*before, sys.executable, *program, *map(str, words)], cwd or self.root, {**os.environ, **settings}, **popen
        )
        self.started.append(grading)
        return grading

    def run(self, out: Path, *more: object, **options: Any) -> tuple[int, str]:
        """One from start to end: exit status, and what it printed."""
        grading = self.start(out, *more, **options)
        return grading.end(), grading.text

    def nothing_is_left(self) -> None:
        """No temporary folder."""
        left = [str(path) for path in self.temporary.rglob("*")]
        assert not left, left


def files_in(folder: Path) -> list[str]:
    """The names of all files in a folder. A journal without content is what a kill may leave, and harms nobody."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return sorted(found - {"results.db-journal"})


def stored(out: Path) -> set[str]:
    """Who has a result in the database of a grading that has ended."""
    with contextlib.closing(sqlite3.connect(out / "results.db")) as database:
        return {str(row[0]) for row in database.execute("select student from submissions")}
