"""A small disk."""

from __future__ import annotations

import contextlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import LONG


@dataclass(frozen=True)
class Disk:
    """A small disk. `path` is where those see it who are sent there, `seen` where all others do."""

    holder: int
    path: Path

    @property
    def seen(self) -> Path:
        return Path(f"/proc/{self.holder}/root{self.path}")

    @property
    def there(self) -> list[str]:
        """What a command line starts with so that the command sees the disk."""
        return ["nsenter", "--mount", f"--target={self.holder}", f"--wd={Path.cwd()}"]

    def fill(self) -> None:
        """Leave no room on it."""
        with contextlib.suppress(OSError), (self.seen / "ballast").open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4096))

    def clear(self) -> None:
        (self.seen / "ballast").unlink()

    def mount(self, options: str) -> None:
        """Change how it is mounted."""
        subprocess.run([*self.there, "mount", "-o", f"remount,{options}", str(self.path)], check=True, timeout=LONG)
