"""The zygote: one process that imported torch, and forks a child for each submission that the grader asks for.

Started by exec with a clean environment: `main(descriptor, settings)` of its end of a SOCK_SEQPACKET pair. Messages are
JSON:

    settings          {"landlock", "seccomp": bool, "devices": [path, ...]}: the walls around each child
    grader → zygote   {"spawn": {"cpu_seconds", "memory_mb", "user"}}  with two descriptors: the child's end of a stream
                      socket, and the write end of the pipe that takes what it prints
    zygote → grader   {"pid"} with a pidfd, or {"error"}
    grader → zygote   {"reap": pid}   after killing it
    zygote → grader   {"exit": wait status}, or {"error"}: then it is of no more use

Scratch folders are made in the folder that it was started in.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from grader.worker import landlock, scratch, seccomp
from grader.worker.confine import Allowance, Walls, confine


def main(descriptor: int, settings: str) -> None:
    """Warm up, say so, and serve until the grader is gone."""
    from grader.worker.warm import warm_up

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader; children are killed, not interrupted
    control = socket.socket(fileno=descriptor)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    walls = _walls(json.loads(settings))
    warm_up()
    control.send(json.dumps({"ready": sys.version}).encode())
    _Zygote(control, walls).serve()


def _walls(settings: dict[str, Any]) -> Walls:
    devices = settings["devices"]
    return Walls(
        landlock.prepare(landlock.interpreter_places(), devices=devices) if settings["landlock"] else None,
        seccomp.build(devices=bool(devices)) if settings["seccomp"] else None,
    )


class _Zygote:
    def __init__(self, control: socket.socket, walls: Walls) -> None:
        self._control = control
        self._walls = walls
        self._folder = Path.cwd()
        self._count = 0
        self._children: dict[int, tuple[Path, int]] = {}

    def serve(self) -> None:
        """Do what the grader asks, until it is gone."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 2)
            if not data:
                # The grader may have been killed: what is left of its children's scratch folders is cleared away here.
                scratch.clear(self._folder)
                return
            request = json.loads(data)
            try:
                if "spawn" in request:
                    self._spawn(request["spawn"], *descriptors)
                else:
                    self._reap(request["reap"])
            except OSError as error:
                self._control.send(json.dumps({"error": str(error)}).encode())
            finally:
                for each in descriptors:
                    os.close(each)

    def _spawn(self, wanted: dict[str, Any], connection: int, output: int) -> None:
        self._count += 1
        folder = self._folder / str(self._count)
        scratch.make(folder, wanted["user"])
        try:
            pid = os.fork()
        except OSError:
            folder.rmdir()
            raise
        if pid == 0:
            _become_child(Allowance(**wanted), self._walls, str(folder), connection, output)
        self._children[pid] = (folder, wanted["user"])
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)

    def _reap(self, pid: int) -> None:
        """Wait for a child that was killed; what it started and left in its session goes with it."""
        with contextlib.suppress(OSError):  # nothing was left
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        scratch.remove(*self._children.pop(pid))
        self._control.send(json.dumps({"exit": status}).encode())


def _become_child(allowance: Allowance, walls: Walls, folder: str, connection: int, output: int) -> None:
    """Never returns. Exit status 99: it could not be shut in, and no learner code was read."""
    try:
        from grader.worker.child import serve

        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        confine(allowance, walls, folder, keep=connection)
    except BaseException:
        os._exit(99)
    try:
        serve(socket.socket(fileno=connection))
    finally:
        os._exit(98)
