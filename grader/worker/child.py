"""A learner's process: answers the grader's requests over one socket until it is killed."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

from grader.wire.frames import END_OF_PRINTED, Frame, FrameReader, MalformedFrame, pack
from grader.wire.messages import Begin, Call, Import, Raised, Reply, decode_request, encode_answer
from grader.worker.modules import LearnerModules, message_of, type_name
from grader.worker.perform import perform
from grader.worker.pretend import pretend

# In here nothing that a learner raises ends the process: KeyboardInterrupt and SystemExit are their failures too.
STOP = (BaseException,)


def serve(connection: socket.socket) -> None:
    """Answer one `Begin` and then calls, until the grader closes the connection."""
    reader = FrameReader()
    begin = decode_request(_receive(connection, reader))
    assert isinstance(begin, Begin)
    ready = pack(encode_answer(_ready(begin.device)))
    _flush()
    connection.sendall(ready)
    modules = LearnerModules(begin.sources)
    while True:
        data = _packed(_answer(decode_request(_receive(connection, reader)), modules, begin.device))
        _flush()
        connection.sendall(data)


def _answer(request: Begin | Import | Call, modules: LearnerModules, device: str) -> Reply | Raised:
    assert not isinstance(request, Begin)
    if isinstance(request, Import):
        return modules.imported(request.module, STOP) or Reply(None)
    return pretend(request, modules, STOP) if request.pretend else perform(request, modules, device, STOP)


def _ready(device: str) -> Reply | Raised:
    """Wake the device before any learner code is there, so that a broken GPU is not taken for a learner's fault."""
    try:
        if device != "cpu":
            import torch

            torch.ones(1, device=device).add_(1).cpu()
        return Reply(None)
    except Exception as error:
        return Raised("build", type_name(error), message_of(error))


def _receive(connection: socket.socket, reader: FrameReader) -> Frame:
    while (frame := reader.next()) is None:
        data = connection.recv(max(reader.wanted(), 1 << 16))
        if not data:
            os._exit(0)
        reader.feed(data)
    return frame


def _packed(answer: Reply | Raised) -> bytes:
    try:
        return pack(encode_answer(answer))
    except (MalformedFrame, TypeError, ValueError, RecursionError, MemoryError) as error:
        return pack(encode_answer(Raised("encode", type(error).__name__, "what it returned is too large to look at")))


def _flush() -> None:
    for stream in (sys.stdout, sys.__stdout__):
        try:
            stream.flush()  # type: ignore[union-attr]
        except BaseException:
            continue
    with contextlib.suppress(OSError):  # a learner may have closed it
        os.write(1, END_OF_PRINTED)
