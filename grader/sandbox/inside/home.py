"""What a learner's module finds around it: a home, a scratch folder, a name, streams, as on any machine, and empty.

The zygote makes and removes scratch folders, because those inside a sandbox can't be seen from outside.

A child works in its scratch folder: the modules lie there, the lesson's public files, and what was handed in with them.
Hidden folders in it are its home and its place for temporary files, so that nothing above it need be open. Nothing in
the environment comes from the machine that it runs on.

Some calls that do no harm are refused by the walls, because the kernel can't tell a child's own file from another's, or
fail because the process is a fork. Here they are replaced by what does as much as a module needs, for its own files
only; for others they stay refused.
"""

from __future__ import annotations

import contextlib
import functools
import grp
import io
import os
import pwd
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any
from urllib.parse import quote

_SECONDS = 5.0  # of this process's own work, however busy the machine is
_DEEP = 8  # so many names of 255 bytes are still a path


def make(folder: Path, user: int) -> None:
    """A new folder for a child, and nobody else; `user` is its own, or 0 when it has none. Raises `OSError`."""
    folder.mkdir(0o700)
    if user:
        os.chown(folder, user, user)


def remove(folder: Path, user: int, seconds: float = _SECONDS) -> None:
    """Remove the folder with all that is in it, as the user who made it.

    Works however deep folders are nested and whatever their permissions. Raises `OSError` when something stays or it
    takes too long (a million files): then the zygote should be replaced, and its scratch space goes with it.
    """
    with _acting_as(user):
        _empty(folder, time.process_time() + seconds)
    folder.rmdir()


def clear(space: Path, seconds: float = _SECONDS) -> None:
    """Remove a whole scratch space, as far as that is possible, when nobody uses it any more."""
    with suppress(OSError):
        remove(space, 0, seconds)


def _empty(top: Path, deadline: float) -> None:
    while folders := _unlink_files(top, deadline):
        for each in folders:
            _remove(each, top, 1, deadline)


def _remove(folder: Path, top: Path, depth: int, deadline: float) -> None:
    """Remove a folder. What is nested too deeply for a path or a call is moved up, where its turn will come."""
    for inner in _unlink_files(folder, deadline):
        if depth < _DEEP:
            _remove(inner, top, depth + 1, deadline)
        else:
            inner.chmod(0o700)  # moving a folder changes its `..`
            inner.rename(top / os.urandom(16).hex())
    folder.rmdir()


def _unlink_files(folder: Path, deadline: float) -> list[Path]:
    """Remove what is not a folder; give the folders."""
    folder.chmod(0o700)
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if time.process_time() > deadline:
                raise TimeoutError("the scratch folder holds too much to be removed in time")
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            else:
                Path(entry.path).unlink(missing_ok=True)
    return folders


@contextmanager
def _acting_as(user: int) -> Iterator[None]:
    """For a while, file access is the child's own: the zygote needs no capability that overrides permissions."""
    if not user:
        yield
        return
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)


USER = "learner"
# The kernel's view of a machine is not the module's: one thread for each library, as the zygote's own.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
_MOST_LINKS = 500
_PLACES: dict[str, str] = {}  # a child's own folders


@dataclass(frozen=True)
class Beside:
    """What lies beside the modules, to be read: these files and folders of a folder."""

    folder: str
    names: tuple[str, ...]

    @functools.cached_property
    def parts(self) -> tuple[list[str], list[str]]:
        """The relative paths of all folders, outermost first, and of all files. Of very many, only what is at the top,
        as if it were files."""
        folders: list[str] = []
        files: list[str] = []
        waiting = sorted(self.names)
        while waiting and len(folders) + len(files) < _MOST_LINKS:
            name = waiting.pop(0)
            place = Path(self.folder, name)
            if place.is_dir() and not place.is_symlink():
                folders.append(name)
                waiting += sorted(f"{name}/{inner.name}" for inner in place.iterdir())
            else:
                files.append(name)
        return ([], list(self.names)) if waiting else (folders, files)


def furnish(scratch: str, beside: Beside | None = None) -> None:
    """Make the folders in `scratch`, and go there, where what is `beside` is shown.

    Folders become folders, so that more can be written in them; files become links.
    """
    home, temporary = f"{scratch}/.home", f"{scratch}/.tmp"
    for place in (home, temporary):
        Path(place).mkdir()
    os.chdir(scratch)
    tempfile.tempdir = temporary
    os.environ.clear()
    os.environ.update(THREADS)
    os.environ.update(
        PATH="/usr/local/bin:/usr/bin:/bin",
        HOME=home,
        USER=USER,
        LOGNAME=USER,
        SHELL="/bin/sh",
        PWD=scratch,
        TMPDIR=temporary,
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        MPLBACKEND="Agg",  # no screen
    )
    if beside:
        folders, files = beside.parts
        for name in folders:
            Path(name).mkdir()
        for name in files:
            Path(name).symlink_to(f"{beside.folder}/{name}")


def put_down(name: str, data: bytes) -> str:
    """Write a file into the working folder, by its relative path, and give its full path. One that can't be written
    there is left out: its path leads out of the folder, or through a file, or there is no more room."""
    work = _PLACES["work"]
    path = PurePosixPath(name)
    if not path.is_absolute() and ".." not in path.parts:
        with contextlib.suppress(OSError, ValueError):
            place = Path(work, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)  # what the lesson has under this name
            place.write_bytes(data)
    return f"{work}/{name}"


def settle() -> None:
    """Fresh streams, and what stands in for refused calls: in a child that is shut in, before learner code is there."""
    work, home = os.environ["PWD"], os.environ["HOME"]
    _PLACES.update(work=work, home=home)
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _stream(descriptor, "w" if descriptor else "r", f"<{name}>")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    program = f"{work}/main.py"  # the kit's own command line is nobody's business
    sys.argv[:] = [program]
    sys.orig_argv[:] = ["python", program]
    _be_somebody(home)
    for name in ("chmod", "utime"):
        setattr(os, name, _harmless_on_own_files(getattr(os, name), f"{work}/"))
    if "sqlite3" in sys.modules:
        _without_locks(sys.modules["sqlite3"])
    else:
        sys.meta_path.insert(0, _Sqlite())
    _set_interop_threads_as_often_as_wished()


def without_places(text: str) -> str:
    """A message without the name of the scratch folder, which is another one for each child."""
    if type(text) is str:  # a learner's exception may give something else
        text = text.replace(_PLACES["home"], "~").replace(f"{_PLACES['work']}/", "")
    return text


def _stream(descriptor: int, mode: str, name: str) -> io.TextIOWrapper:
    """Made anew: those of the zygote knew another file under this number. Odd text is written somehow."""
    raw = io.FileIO(descriptor, mode, closefd=False)
    raw.name = name
    below: Any = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    stream = io.TextIOWrapper(below, "utf-8", "surrogateescape" if mode == "r" else "backslashreplace")
    stream.mode = mode  # type: ignore[misc]
    return stream


def _be_somebody(home: str) -> None:
    """Whoever asks for the user at work finds one. The machine's own list of users is not to be seen."""
    uid, gid = os.getuid(), os.getgid()
    me = pwd.struct_passwd((USER, "x", uid, gid, USER, home, "/bin/sh"))
    mine = grp.struct_group((USER, "x", gid, [USER]))
    _know(pwd, "getpwuid", uid, me)
    _know(pwd, "getpwnam", USER, me)
    _know(grp, "getgrgid", gid, mine)
    _know(grp, "getgrnam", USER, mine)
    os.getlogin = lambda: USER


def _know(place: ModuleType, name: str, key: object, found: object) -> None:
    """Have a function answer this of one key; for others it asks on."""
    ask = getattr(place, name)

    @functools.wraps(ask)
    def asked(wanted: object) -> object:
        return found if wanted == key else ask(wanted)

    setattr(place, name, asked)


def _harmless_on_own_files(change: Callable[..., None], inside: str) -> Callable[..., None]:
    """Modes and times of files inside stay as they are, and changing them is no error: `shutil.copy` does."""

    @functools.wraps(change)
    def changed(path: Any, *arguments: Any, **named: Any) -> None:
        if not isinstance(path, int):
            place = os.path.realpath(os.fsdecode(path))
            if place.startswith(inside) and os.path.lexists(place):
                return
        change(path, *arguments, **named)

    return changed


class _Sqlite:
    """Gives `sqlite3` when it is imported, and has it open files without the locks that are refused: nobody else can
    open them."""

    def find_spec(self, name: str, *_: object) -> Any:
        """What Python's import system asks of a finder."""
        if name != "sqlite3":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec and spec.loader:
            really_run = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                really_run(module)
                _without_locks(module)

            vars(spec.loader)["exec_module"] = exec_module
        return spec


def _without_locks(sqlite: ModuleType) -> None:
    connect = sqlite.connect

    @functools.wraps(connect)
    def connected(database: Any, *arguments: Any, **named: Any) -> Any:
        name = os.fsdecode(database)
        if not named.get("uri") and name not in ("", ":memory:"):
            database, named["uri"] = f"file:{quote(name)}?vfs=unix-none", True
        return connect(database, *arguments, **named)

    vars(sqlite)["connect"] = vars(sqlite.dbapi2)["connect"] = connected


def _set_interop_threads_as_often_as_wished() -> None:
    """torch takes this number once in a process; here several modules share one, and nothing hangs on it."""
    import torch

    really_set, really_get = torch.set_num_interop_threads, torch.get_num_interop_threads
    wished: list[int] = []

    @functools.wraps(really_set)
    def set_number(number: int) -> None:
        try:
            really_set(number)
        except RuntimeError as error:
            if "cannot set number of interop threads" not in str(error):
                raise
            wished[:] = [number]

    @functools.wraps(really_get)
    def get_number() -> int:
        return wished[0] if wished else really_get()

    vars(torch).update(set_num_interop_threads=set_number, get_num_interop_threads=get_number)
