"""The zygote: one process that imported torch, and forks a child for each submission that the grader asks for.

Forked from the template, or started by exec with a clean environment: `main(descriptor, settings)` of its end of a
SOCK_SEQPACKET pair. Messages are JSON:

    settings          {"landlock", "seccomp": bool, "devices": [path, ...]}: the walls around each child;
                      {"beside": [folder, name, ...]}: what lies beside its modules (an empty list: nothing does);
                      {"torch": bool}: whether it warms torch up, which is needed to run what was handed in
    grader → zygote   {"spawn": {"cpu_seconds", "memory_mb", "file_bytes", "user"}, "reads": bool}  with two
                      descriptors: the child's end of a stream socket, and the write end of the pipe that takes what it
                      prints. One that reads takes apart what was handed in first, and then may run it as any other
    zygote → grader   {"pid"} with a pidfd, or {"error"}
    grader → zygote   {"reap": pid}   after killing it
    zygote → grader   {"exit": wait status}, or {"error"}: then it is of no more use
    grader → zygote   {"load": module, "within": {as for "spawn"}}: a module of a library, for all children to come
    zygote → grader   {"left": why it was not loaded, empty if it was}, or {"error"}: then it is of no more use

Scratch folders are made in the folder that it was started in.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.reading import reader
from grader.sandbox.inside import home, landlock, seccomp
from grader.sandbox.inside.confine import Allowance, Walls, confine, name_process
from grader.sandbox.inside.home import Beside
from grader.sandbox.inside.libraries import freeze_objects, load
from grader.sandbox.protocol.frames import BROKE_OFF, FrameReader

Serve = Callable[[socket.socket, FrameReader], None]


def main(descriptor: int, settings: str) -> None:
    """Serve in a process that was started for it."""
    chosen = json.loads(settings)
    run: Serve | None = None
    if chosen["torch"]:
        from grader.sandbox.inside.worker import serve as run
    serve(socket.socket(fileno=descriptor), chosen, run)


def serve(control: socket.socket, settings: dict[str, Any], run: Serve | None) -> None:
    """Warm up, say so, and do what the grader asks for until it is gone. `run` is what runs a submission."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader; children are killed, not interrupted
    name_process("zygote")
    silence()
    walls = _walls(settings)
    reader.warm_up()
    if run:
        from grader.sandbox.inside.warmup import warm_up

        warm_up()
    freeze_objects()
    control.send(json.dumps({"ready": sys.version}).encode())
    _Zygote(control, walls, run).serve()


def silence() -> None:
    """From now on this process hears and says nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for each in range(3):
        os.dup2(nowhere, each)
    os.close(nowhere)


def leave_kit(folder: str) -> None:
    """From now on nothing more is imported from the kit, which lies in this folder, and its host's side is not here."""
    sys.path.remove(folder)
    sys.modules["grader"].__path__.clear()
    for name in [name for name in sys.modules if name.startswith("grader.sandbox.host")]:
        del sys.modules[name]
    vars(sys.modules["grader.sandbox"]).pop("host", None)


def _walls(settings: dict[str, Any]) -> Walls:
    devices, beside = settings["devices"], settings["beside"]
    readable = [*landlock.interpreter_places(), *beside[:1]]
    return Walls(
        landlock.prepare(readable, devices=devices) if settings["landlock"] else None,
        seccomp.build(devices=bool(devices)) if settings["seccomp"] else None,
        Beside(beside[0], tuple(beside[1:])) if beside else None,
    )


class _Zygote:
    def __init__(self, control: socket.socket, walls: Walls, run: Serve | None) -> None:
        self._control = control
        self._walls = walls
        self._run = run
        self._folder = Path.cwd()
        self._count = 0
        self._children: dict[int, tuple[Path, int]] = {}

    def serve(self) -> None:
        """Do what the grader asks, until it is gone."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 2)
            if not data:
                # The grader may have been killed: what is left of its children's scratch folders is cleared away here.
                home.clear(self._folder)
                return
            request = json.loads(data)
            try:
                if "spawn" in request:
                    self._spawn(request["spawn"], request["reads"], *descriptors)
                elif "load" in request:
                    self._load(request["load"], Allowance(**request["within"]))
                else:
                    self._reap(request["reap"])
            except (OSError, RuntimeError) as error:
                self._control.send(json.dumps({"error": str(error)}).encode())
            finally:
                for each in descriptors:
                    os.close(each)

    def _load(self, name: str, allowance: Allowance) -> None:
        def shut_in(folder: str, keep: int) -> None:
            confine(allowance, self._walls, folder, keep)

        left = load(name, self._next_folder(), allowance.user, shut_in)
        self._control.send(json.dumps({"left": left}).encode())

    def _next_folder(self) -> Path:
        self._count += 1
        return self._folder / str(self._count)

    def _spawn(self, wanted: dict[str, Any], reads: bool, connection: int, output: int) -> None:
        folder = self._next_folder()
        home.make(folder, wanted["user"])
        try:
            pid = os.fork()
        except OSError:
            folder.rmdir()
            raise
        if pid == 0:
            does = [each for each in (reader.serve if reads else None, self._run) if each]
            _become_child(Allowance(**wanted), self._walls, str(folder), connection, output, does)
        self._children[pid] = (folder, wanted["user"])
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)

    def _reap(self, pid: int) -> None:
        """Wait for a child that was killed; what it started and left in its session goes with it."""
        with contextlib.suppress(OSError):  # nothing was left
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        home.remove(*self._children.pop(pid))
        self._control.send(json.dumps({"exit": status}).encode())


def _become_child(
    allowance: Allowance, walls: Walls, folder: str, connection: int, output: int, does: list[Serve]
) -> None:
    """Never returns. Exit status 99: it could not be shut in, and no learner code was read."""
    try:
        name_process("child")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        confine(allowance, walls, folder, keep=connection)
    except BaseException:
        os._exit(99)
    try:
        grader, frames = socket.socket(fileno=connection), FrameReader()
        for each in does:
            each(grader, frames)
    finally:
        os._exit(BROKE_OFF)
