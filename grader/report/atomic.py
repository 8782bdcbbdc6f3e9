"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from grader.errors import ResultsError


def write_atomically(path: Path, chunks: Iterable[str], *, durable: bool = True) -> None:
    """Writes UTF-8 text beside `path` and moves it into place; `durable` waits until the disk has it.

    What stood there before stays until the new file is complete, also when `chunks` raises.
    """
    # One name, not a random one: what a killed process left is written over by the next. One grading writes at a time.
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        try:
            with unfinished.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.writelines(chunks)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ResultsError(f"{path} can't be written: {error.strerror}.") from error
