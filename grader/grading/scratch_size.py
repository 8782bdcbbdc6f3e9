"""How much a child has written to its scratch folder, where no file system of its own limits that.

Looked at from outside while the child is waited for, and at each answer: what it writes between two looks is over the
limit by as much, and earns nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

SECONDS_BETWEEN = 0.25
_MOST_FILES = 10_000


def is_over(space: Path, limit: int) -> bool:
    """Whether the files below hold more than `limit` bytes, or there are too many, or they can't be counted."""
    waiting, files, size = [str(space)], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_size
                    if files > _MOST_FILES or size > limit:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # removed meanwhile
            continue
        except OSError:  # closed to us, or deeper than a path can be
            return True
    return False
