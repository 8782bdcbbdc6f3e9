"""What a learner's function prints, kept up to a limit."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

KEPT = 200_000


class _Store(io.RawIOBase):
    """Takes any number of bytes and keeps the first ones; passes all on to `through`, if there is one."""

    def __init__(self, through: TextIO | None) -> None:
        self.kept = bytearray()
        self._through = through

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        chunk = bytes(data)
        self.kept += chunk[: max(0, KEPT - len(self.kept))]
        if self._through is not None:
            self._through.write(chunk.decode("utf-8", "replace"))
            self._through.flush()
        return len(chunk)


class Printed:
    """Captures `sys.stdout` and `sys.stderr` of this process; `show` lets everything through to the terminal, too."""

    def __init__(self, show: bool = False) -> None:
        self._show = show
        self._stores = {name: _Store(getattr(sys, name) if show else None) for name in ("stdout", "stderr")}

    @contextmanager
    def captured(self) -> Iterator[None]:
        """Capture within a `with` block. Whatever a learner does to the streams, ours are back afterwards."""
        before = {name: getattr(sys, name) for name in self._stores}
        ours = {name: self._stream(store) for name, store in self._stores.items()}
        for name, stream in ours.items():
            setattr(sys, name, stream)
        try:
            yield
        finally:
            for name in self._stores:
                setattr(sys, name, before[name])
                with suppress(ValueError):  # a learner closed it
                    ours[name].flush()

    def _stream(self, store: _Store) -> io.TextIOWrapper:
        """A real text stream: `.buffer`, `.encoding` and `.reconfigure` work. What is shown is shown at once."""
        below: Any = store if self._show else io.BufferedWriter(store)
        return io.TextIOWrapper(below, "utf-8", "backslashreplace", newline="\n", write_through=self._show)

    @property
    def out(self) -> str:
        """What went to standard output."""
        return _text(self._stores["stdout"])

    @property
    def all(self) -> str:
        """What went to standard output, and then what went to standard error."""
        return self.out + _text(self._stores["stderr"])


def _text(store: _Store) -> str:
    return bytes(store.kept).decode("utf-8", "replace")
