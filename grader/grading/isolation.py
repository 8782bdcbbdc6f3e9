"""Which layers shut learners' processes in here, each tried, and what they amount to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.errors import GradingError
from grader.grading import bubblewrap, cgroup, users
from grader.grading.walls import landlock_works, seccomp_works

Level = Literal["boxed", "locked", "trusted"]
LEVELS: dict[Level, str] = {
    "boxed": "Learners' code finds an interpreter and nothing else of this machine.",
    "locked": "The kernel denies learners' code other files, the network and other processes.",
    "trusted": "Learners' code would have limits, and could do what you can do.",
}


@dataclass(frozen=True)
class Isolation:
    """The layers that are put on. Limits, an empty environment and closed descriptors are always there."""

    bubblewrap: bool = False
    landlock: bool = False
    seccomp: bool = False
    users: bool = False
    cgroup: bool = False

    @property
    def level(self) -> Level:
        """What they amount to."""
        if not self.seccomp:
            return "trusted"
        if self.bubblewrap:
            return "boxed"
        return "locked" if self.landlock else "trusted"


@dataclass(frozen=True)
class Layer:
    """A layer as it was tried here: what it does, and why it can't be had (empty when it can)."""

    name: str
    stops: str
    why_not: str

    @property
    def works(self) -> bool:
        """Whether it can be had."""
        return not self.why_not


def try_layers(*, cuda: bool = False, box: bool = True) -> list[Layer]:
    """Try each layer in a process that is thrown away; without `box`, as they are without bubblewrap."""
    no_box = bubblewrap.works(cuda=cuda) if box else "It was not asked for."
    around = [] if no_box else bubblewrap.wrap(1 << 20)
    return [
        Layer("seccomp", "sockets, programs, processes, signals, mounts, tracing", seccomp_works()),
        Layer("landlock", "files but the interpreter's and those in its scratch folder", landlock_works()),
        Layer("bubblewrap", "seeing any other file, a network, other processes", no_box),
        Layer("users", "what goes by the owner: each child is a user of its own", users.works(around)),
        Layer("cgroup", "memory and processes that no limit of a single process counts", cgroup.works()),
    ]


def isolation_of(layers: Sequence[Layer]) -> Isolation:
    """All layers that work."""
    return Isolation(**{layer.name: layer.works for layer in layers})


def choose_isolation(wanted: Level | None, *, cuda: bool = False) -> tuple[Isolation, str]:
    """The layers to grade with, and a note for the instructor (empty when there is nothing to say).

    Without a wish, all that work. Raises `GradingError` when that is too little, or less than was wished for.
    """
    if wanted == "trusted":
        return Isolation(), _WARNING
    layers = try_layers(cuda=cuda, box=wanted != "locked")
    isolation = isolation_of(layers)
    missing = [layer for layer in layers if layer.name in _DECISIVE and not layer.works]
    if isolation.level == "trusted" or isolation.level != (wanted or isolation.level):
        raise GradingError("\n".join([_TOO_LITTLE, *(layer.why_not for layer in missing)]))
    if wanted is None and isolation.level == "locked":
        return isolation, f"Learners' processes are locked, not boxed: {missing[0].why_not}"
    return isolation, ""


_DECISIVE = ("seccomp", "landlock", "bubblewrap")
_WARNING = (
    "Warning: --trusted. The code that was handed in can do whatever you can do: read solutions, change files, use the "
    "network. Every result says so."
)
_TOO_LITTLE = (
    "Learners' code can't be shut in well enough here, so nothing was run. `python -m grader doctor` shows what was "
    "tried. Mend it, grade in a container or virtual machine that allows it (WSL2 on Windows), or, if you would run "
    "this code yourself, use --trusted."
)
