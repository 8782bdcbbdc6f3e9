"""The zygote: one process that imported torch, and forks a child for each submission that the grader asks for.

Started by exec with a clean environment: `main(descriptor)` of its end of a SOCK_SEQPACKET pair. Messages are JSON:

    grader → zygote   {"spawn": {"cpu_seconds", "memory_mb", "scratch"}}  with two descriptors: the child's end of a
                      stream socket, and the write end of the pipe that takes what it prints
    zygote → grader   {"pid"} with a pidfd, or {"error"}
    grader → zygote   {"reap": pid}   after killing it
    zygote → grader   {"exit": wait status}
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from grader.worker.confine import Allowance, confine


def main(descriptor: int) -> None:
    """Warm up, say so, and serve until the grader is gone."""
    from grader.worker.warm import warm_up

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader; children are killed, not interrupted
    control = socket.socket(fileno=descriptor)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    warm_up()
    control.send(json.dumps({"ready": sys.version}).encode())
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 2)
        if not data:
            # The grader may have been killed: what is left of its children's scratch folders is cleared away here.
            shutil.rmtree(Path.cwd(), ignore_errors=True)
            return
        request = json.loads(data)
        if "spawn" in request:
            _spawn(control, request["spawn"], *descriptors)
        else:
            _reap(control, request["reap"])


def _spawn(control: socket.socket, wanted: dict[str, Any], connection: int, output: int) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        os.close(connection)
        os.close(output)
        control.send(json.dumps({"error": str(error)}).encode())
        return
    if pid == 0:
        _become_child(wanted, connection, output)
    os.close(connection)
    os.close(output)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
    os.close(pidfd)


def _become_child(wanted: dict[str, Any], connection: int, output: int) -> None:
    """Never returns. Exit status 99: it could not be shut in, and no learner code was read."""
    try:
        from grader.worker.child import serve

        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        allowance = Allowance(wanted["cpu_seconds"], wanted["memory_mb"])
        confine(allowance, wanted["scratch"], keep=connection)
    except BaseException:
        os._exit(99)
    try:
        serve(socket.socket(fileno=connection))
    finally:
        os._exit(98)


def _reap(control: socket.socket, pid: int) -> None:
    """Wait for a child that was killed; what it started and left in its session goes with it."""
    with contextlib.suppress(OSError):  # nothing was left
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    control.send(json.dumps({"exit": status}).encode())
