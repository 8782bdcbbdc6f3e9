"""Where attacks are graded: a course with short limits, secrets planted everywhere, and things that could be harmed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import stat
import sys
import tempfile
import threading
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.attacks.attack import CORPUS, ROOT, Attack, Lesson, submission_of
from tests.attacks.packages import Package
from tests.one_lesson import one_lesson

LIMITS = {"exercise_seconds": 2, "import_seconds": 2, "submission_seconds": 8, "memory_mb": 256}
SEARCH_SECONDS = 10  # what the search for mistakes may take of a submission
CANARY = re.compile("canary-[0-9a-f]{24}")


@dataclass
class World:
    """A folder with all of it. Use as a context manager: what it holds is removed at the end."""

    folder: Path
    mark: str
    canaries: dict[str, str] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    honest: list[str] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def submissions(self) -> Path:
        return self.folder / "submissions"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def bystander(self) -> Path:
        """Somebody's files, which everybody may read and write: only a sandbox protects them."""
        return self.folder / "bystander"

    @property
    def temporary(self) -> Path:
        """The grader's own folder for temporary files."""
        return self.folder / "temporary"

    @property
    def environment(self) -> dict[str, str]:
        """What the grader is started with."""
        return {"TMPDIR": str(self.temporary), "GRADER_SECRET": self.canaries["environment"], "NO_COLOR": "1"}

    def canary(self, where: str) -> str:
        """A secret that is nowhere else."""
        return self.canaries.setdefault(where, f"canary-{secrets.token_hex(12)}")

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._sockets:
            each.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def make_world(lesson: Lesson, attacks: Sequence[Attack], packages: Sequence[Package], honest: int) -> World:
    """All of it, with every attack handed in, and honest submissions between them."""
    # Not in pytest's folder, which only its owner may enter: nothing but the sandbox is to be in the way.
    world = World(Path(tempfile.mkdtemp(prefix="attacks-")), f"mark{secrets.token_hex(4)}")
    world.folder.chmod(0o755)
    world.temporary.mkdir()
    world.canary("environment")
    _make_course(world, lesson)
    _make_bystander(world)
    known = _known(world, lesson)
    for attack in attacks:
        for module, text in submission_of(attack, _tools(known, f"{world.mark}-{attack.student}")).items():
            _write(world.submissions / attack.student / f"{module}.py", text)
    for package in packages:
        package.make(world.submissions)
    _hand_in_honestly(
        world, lesson, sorted([*(each.student for each in attacks), *(each.student for each in packages)]), honest
    )
    return world


def _make_course(world: World, lesson: Lesson) -> None:
    if lesson.files:
        for name, content in lesson.files.items():
            _write(world.course / name, content)
        text = lesson.files["course.toml"]
        limits = "\n".join(f"{name} = 0" for name in LIMITS)
        (assignment,) = tomllib.loads(text)["assignments"]
        text += f"\n[assignments.{assignment}.limits]\n{limits}\n"
    else:
        shutil.copytree(ROOT / "solutions", world.course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
        text = one_lesson()
    for path in (world.course / "solutions").rglob("*.py"):
        where = path.relative_to(world.course).as_posix()
        with path.open("a", encoding="utf-8") as file:
            file.write(f'\nCANARY = "{world.canary(where)}"  # {world.canary(where)}\n')
    for name, value in LIMITS.items():
        text, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        assert count == 1, name
    _write(world.course / "course.toml", f"{text}\n# {world.canary('course.toml')}\n")


def _make_bystander(world: World) -> None:
    world.bystander.mkdir()
    (world.bystander / "folder").mkdir()
    for name in ("diary.txt", "folder/letters.txt", "folder/program.py"):
        _write(world.bystander / name, world.canary(f"bystander/{name}"))
    for path in [world.bystander, *world.bystander.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    world.results.mkdir()
    _write(world.results / "earlier.txt", world.canary("results"))


def _known(world: World, lesson: Lesson) -> dict[str, object]:
    """What an insider would know. Listens where it says."""
    tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    path, name = world.folder / "socket", f"\0{world.mark}"
    named, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    for each, address in ((tcp, ("127.0.0.1", 0)), (udp, ("127.0.0.1", 0)), (named, str(path)), (abstract, name)):
        each.bind(address)
        world._sockets.append(each)
        threading.Thread(target=_listen, args=(each, world.reached), daemon=True).start()
    path.chmod(0o777)
    hidden = [*sorted(world.course.rglob("*.py")), world.course / "course.toml"]
    return {
        "course": str(world.course),
        "submissions": str(world.submissions),
        "results": str(world.results),
        "bystander": str(world.bystander),
        "sibling": str(world.submissions / "honest" / f"{next(iter(lesson.right))}.py"),
        "secrets": [*map(str, hidden), str(world.results / "earlier.txt"), str(world.bystander / "diary.txt")],
        "kit": str(ROOT),
        "tcp": tcp.getsockname()[1],
        "udp": udp.getsockname()[1],
        "unix": str(path),
        "abstract": name,
        "python": sys.executable,
        "home": str(Path.home()),
    }


def _listen(each: socket.socket, reached: list[str]) -> None:
    stream = each.type == socket.SOCK_STREAM
    if stream:
        each.listen()
    while True:
        try:
            came = each.accept()[1] if stream else each.recv(100)
        except OSError:  # it was closed
            return
        reached.append(f"{each.family.name} {each.type.name}: {came!r}")


def _tools(known: dict[str, object], mark: str) -> str:
    text = (CORPUS / "tools.py").read_text(encoding="utf-8")
    filled = text.replace("KNOWN = {}", f"KNOWN = {known!r}").replace('MARK = ""', f'MARK = "{mark}"')
    assert "KNOWN = {}" not in filled
    assert 'MARK = ""' not in filled
    return filled.split('"""', 2)[2]


def _hand_in_honestly(world: World, lesson: Lesson, others: list[str], count: int) -> None:
    """Spread between the others, so that each kind of attack comes just before one of them."""
    names = ["honest", *(f"{others[len(others) * at // count]}-honest" for at in range(1, count))] if others else []
    world.honest = names or ["honest"]
    for name in world.honest:
        for module, text in lesson.right.items():
            _write(world.submissions / name / f"{module}.py", f"{text}# {world.canary('sibling')}\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def hand_over(world: World, user: int) -> None:
    """Everything becomes this user's, who will grade."""
    for folder, _, files in os.walk(world.folder):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            os.chown(path, user, user, follow_symlinks=False)


def fingerprint(folder: Path, skip: Sequence[str] = ("__pycache__",)) -> dict[str, tuple[object, ...]]:
    """Every file below a folder, with all that a change would change, such as the time of the last change of anything."""
    found: dict[str, tuple[object, ...]] = {}
    for top, folders, files in os.walk(folder):
        skipped = sum(name in skip for name in folders)
        folders[:] = [name for name in folders if name not in skip]
        for name in ["", *files]:
            path = f"{top}/{name}" if name else top  # faster than Path, for ten thousands of files
            try:
                it = os.lstat(path)
            except FileNotFoundError:
                continue
            times = (it.st_mtime_ns, it.st_ctime_ns) if not stat.S_ISDIR(it.st_mode) or not skip else ()
            found[path] = (
                stat.filemode(it.st_mode),
                it.st_uid,
                it.st_gid,
                it.st_size * bool(times),
                it.st_nlink if name else max(1, it.st_nlink - skipped),  # a folder counts those in it
                *times,
            )
    return found
