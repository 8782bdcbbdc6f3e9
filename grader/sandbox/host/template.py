"""The template: one process that has imported torch, from which grading processes and their zygotes are forked.

Started by exec with a clean environment, and it never reads a course or a submission: whatever is forked from it holds
nothing that must be kept from learners. `main(descriptor, kit)` serves its end of a SOCK_SEQPACKET pair, and a further
pair for each process that it forks for a task. Messages are JSON:

    client → template  {"fork": "task"}   with one descriptor: its end of a pipe, through which surroundings come first,
                       then what is run and with what (`template_client.Surroundings`)
    client → template  {"fork": "zygote", "told": {settings, as for `zygote.main`}, "folder": where it works,
                       "group": the folder of its control group or "", "capabilities": [number, ...]}   with the
                       zygote's end of its control, and where bubblewrap is used a socket by which the namespaces'
                       descriptors come
    template → client  {"pid"} with a pidfd, or {"error"}
    client → template  {"reap": pid}   of a task that has ended
    template → client  {"exit": wait status}

Processes for tasks are forked as soon as torch is there; what zygotes need besides is made while they get ready. The
template ends when the process that started it has.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from grader.reading import reader
from grader.sandbox.host import template_client
from grader.sandbox.host.bubblewrap import gpu_devices
from grader.sandbox.inside import confine, zygote
from grader.sandbox.inside.warmup import first_steps, warm_up
from grader.sandbox.inside.worker import serve as run

_NS_GET_USERNS = 0xB701  # linux/nsfs.h: the user namespace that a namespace belongs to
_SECONDS_BETWEEN = 1.0  # between two looks at which zygotes have ended
_MOST_DESCRIPTORS = 16


def main(descriptor: int, kit: str) -> None:
    """Warm up, and fork what is asked for, until the process that started this one has ended."""
    for each in (signal.SIGINT, signal.SIGHUP):  # they are for the main process, which ends the others
        signal.signal(each, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # it may have been started by a thread that lets signals wait
    owner = os.pidfd_open(os.getppid())
    confine.name_process("template")
    if not gpu_devices():  # a first step would find them, and what has used a GPU can't be forked
        first_steps()
    gc.freeze()
    _Template(socket.socket(fileno=descriptor), kit).serve()
    # Those who look for it now (`template_client.is_alone`) shall see that it is gone.
    select.select([owner], [], [], _SECONDS_BETWEEN)


class _Template:
    def __init__(self, control: socket.socket, kit: str) -> None:
        self._control = control
        self._kit = kit
        self._clients = [control]
        self._zygotes: set[int] = set()
        self._is_warm = False  # for zygotes

    def serve(self) -> None:
        """Do what is asked for, until the first client is gone."""
        while True:
            for pid in [pid for pid in self._zygotes if os.waitpid(pid, os.WNOHANG)[0]]:
                self._zygotes.remove(pid)
            longest = (_SECONDS_BETWEEN if self._zygotes else None) if self._is_warm else 0
            ready, _, _ = select.select(self._clients, [], [], longest)
            if not ready:
                self._warm_up()
            for client in ready:
                data, descriptors = _received(client)
                if data:
                    self._answer(client, json.loads(data), descriptors)
                elif client is self._control:
                    return
                else:
                    self._clients.remove(client)
                    client.close()
                for each in descriptors:
                    os.close(each)

    def _warm_up(self) -> None:
        if not self._is_warm:
            reader.warm_up()
            if not gpu_devices():
                warm_up()
            gc.freeze()
            gc.enable()
            self._is_warm = True

    def _answer(self, client: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
        with contextlib.suppress(OSError):  # who asked is gone
            try:
                if "reap" in request:
                    _, status = os.waitpid(request["reap"], 0)
                    client.send(json.dumps({"exit": status}).encode())
                    return
                is_task = request["fork"] == "task"
                pid = self._fork_task(*descriptors) if is_task else self._fork_zygote(request, descriptors)
                pidfd = os.pidfd_open(pid)
            except OSError as error:
                client.send(json.dumps({"error": str(error)}).encode())
                return
            try:
                socket.send_fds(client, [json.dumps({"pid": pid}).encode()], [pidfd])
            finally:
                os.close(pidfd)

    def _fork_task(self, pipe: int) -> int:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                pid = os.fork()
            except OSError:
                ours.close()
                raise
            if pid == 0:
                _become(lambda: _task(Connection(os.dup(pipe)), theirs), keep=(pipe, theirs.fileno()))
        self._clients.append(ours)
        return pid

    def _fork_zygote(self, request: dict[str, Any], descriptors: list[int]) -> int:
        self._warm_up()
        pid = os.fork()
        if pid == 0:
            _become(lambda: _zygote(request, self._kit, *descriptors), keep=descriptors)
        self._zygotes.add(pid)
        return pid


def _received(client: socket.socket) -> tuple[bytes, list[int]]:
    """What a client sent, and the open files with it; nothing when it is gone."""
    try:
        data, descriptors, _, _ = socket.recv_fds(client, 1 << 16, _MOST_DESCRIPTORS)
    except ConnectionError:  # it left without taking its answers
        return b"", []
    return data, list(descriptors)


def _become(does: Callable[[], None], keep: Iterable[int]) -> NoReturn:
    """Run this in a process that was just forked, with no other descriptors open than these and the usual three."""
    status = 1
    try:
        before = 3
        for each in sorted(keep):
            os.closerange(before, each)
            before = each + 1
        os.closerange(before, 1 << 16)
        does()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)


def _task(pipe: Connection, control: socket.socket) -> None:
    """Serve what comes through the pipe, in the surroundings of whoever asked."""
    gc.enable()
    confine.name_process("grading")
    surroundings: template_client.Surroundings = pipe.recv()
    os.environ.clear()
    os.environ.update(surroundings.environment)
    os.chdir(surroundings.folder)
    sys.path[:] = surroundings.path
    sys.argv[:] = surroundings.arguments
    sys.dont_write_bytecode = surroundings.no_bytecode
    tempfile.tempdir = None
    template_client.of_this_process = template_client.Template(socket.socket(fileno=control.detach()))
    template_client.set_owner(surroundings.owner)
    serve, plan = pipe.recv()
    serve(pipe, plan)


def _zygote(request: dict[str, Any], kit: str, control: int, holder: int | None = None) -> None:
    """Enter where a zygote belongs, and be one."""
    zygote.silence()
    if request["group"]:
        with open(f"{request['group']}/cgroup.procs", "w") as processes:
            processes.write("0")
    if holder is not None:
        _enter_with(holder)
        if pid := os.fork():  # only what is forked now is in the new process namespace
            os.close(control)
            confine.name_process("box")
            os.waitpid(pid, 0)
            os._exit(0)
        os.setsid()
        confine.die_with_parent()
        confine.keep_capabilities(request["capabilities"])
    os.chdir(request["folder"])
    zygote.leave_kit(kit)
    zygote.serve(socket.socket(fileno=control), request["told"], run)


def _enter_with(holder: int) -> None:
    """Enter the namespaces that come through this socket, from a process that stays in them. Raises `OSError`."""
    with socket.socket(fileno=holder) as inside:
        data, spaces, _, _ = socket.recv_fds(inside, 1, _MOST_DESCRIPTORS)
    if not data:
        raise ConnectionError("nobody is inside")
    # The user namespace comes last, and first the one that the others belong to: entering them takes its capabilities.
    *others, user = spaces
    around = fcntl.ioctl(others[0], _NS_GET_USERNS)
    own = os.stat("/proc/self/ns/user")
    for each in (around, *others, user):
        if not os.path.samestat(own, os.fstat(each)):  # the one that this process is in can't be entered again
            _setns(each)
        if each == around:
            own = os.fstat(each)
        os.close(each)


_libc = ctypes.CDLL(None, use_errno=True)


def _setns(namespace: int) -> None:
    if _libc.setns(namespace, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"a namespace could not be entered: {os.strerror(code)}")
