"""A child of a zygote, held for whoever wants to look at it."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import deque
from multiprocessing.connection import Connection

from grader.core.assignment import Limits
from grader.grading.pool import Lost, Pool, end_with_parent
from grader.sandbox.host import cgroup, template_client
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.inside.home import Beside
from grader.sandbox.protocol.encoding import decode_answer, encode_request
from grader.sandbox.protocol.messages import Begin, Call, Import

SOURCE = """
import os, sys
def look():
    ours = sorted(module for module in sys.modules if module.split(".")[0] == "grader")
    threads = [os.environ.get(name) for name in ("OMP_NUM_THREADS", "MALLOC_ARENA_MAX")]
    return [ours, sys.path, sys.argv[:1], sorted(os.environ), threads, os.getcwd(), os.getuid(),
            sys.flags.isolated, sys.flags.utf8_mode, sorted(os.listdir("."))]
"""


# Before the template serves: nobody may enter namespaces.
REFUSE = """
import grader.sandbox.host.template as template
def refuse(*_):
    raise PermissionError
template._enter_with = refuse
"""


def serve(pipe: Connection, plan: tuple[str, Isolation, str]) -> None:
    """Hold a zygote and a child."""
    end_with_parent()
    how, isolation, beside = plan
    if how == "started":
        template_client.of_this_process = None
    if isolation.cgroup:  # it shall enter a group, even where that limits nothing
        cgroup._NEEDED, cgroup.Group.limit = (), lambda *_: None  # type: ignore[assignment, method-assign]
    with Zygote(isolation, Limits(), beside=Beside(beside, ("README.md",))) as zygote:
        pipe.recv()
        child = zygote.spawn(Limits(), "cpu")
        answers = []
        for request in (Begin({"model": SOURCE}), Import("model"), Call("model", "look", ())):
            child.send(encode_request(request))
            answers.append(decode_answer(child.answer(60)[0]))
        pipe.send((zygote._process._forked is not None, repr(answers[-1])))
        with contextlib.suppress(EOFError):
            pipe.recv()


def hold(how: str, isolation: str, beside: str) -> None:
    """Have a zygote `forked`, `refused` that, or `started`, with the layers that JSON names and a folder beside the child's modules.
    Prints whether it was forked, and what the child sees; and waits for the input to end."""
    if how == "refused":
        before, serving, after = template_client.START.partition("main(int(")
        template_client.START = f"{before}{REFUSE}{serving}{after}"
    plan = (how, Isolation(**json.loads(isolation)), beside)
    with Pool[str](serve, plan, 1) as pool:
        for _, answer in pool.results(deque(["look"]), at_once=1):
            print(json.dumps(str(answer) if isinstance(answer, Lost) else answer), flush=True)
            sys.stdin.read()
