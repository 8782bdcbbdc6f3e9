"""A learner's process: answers the grader's requests over one socket until it is killed."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import sys
from dataclasses import replace

from grader.sandbox.inside import home
from grader.sandbox.inside.execute import perform, pretend
from grader.sandbox.inside.modules import LearnerModules, message_of, type_name
from grader.sandbox.inside.warmup import load_where_asked_for
from grader.sandbox.protocol.encoding import decode_request, encode_answer
from grader.sandbox.protocol.frames import END_OF_PRINTED, Frame, FrameReader, MalformedFrame, pack
from grader.sandbox.protocol.messages import Begin, Call, Import, Load, Raised, Reply
from grader.sandbox.protocol.plain import TOO_LARGE

# In here nothing that a learner raises ends the process: KeyboardInterrupt and SystemExit are their failures too.
STOP = (BaseException,)


def serve(connection: socket.socket, reader: FrameReader) -> None:
    """Answer a `Begin` and then calls, until the grader closes the connection. A later `Begin` puts other sources in
    the place of those that there were."""
    home.settle()
    modules, device = LearnerModules({}), "cpu"
    while True:
        request = decode_request(_receive(connection, reader))
        if isinstance(request, Begin):
            answer = _ready(request.device)
            modules.forget()
            modules, device = _modules(request), request.device
        else:
            answer = _answer(request, modules, device)
        data = _packed(answer)
        _flush()
        connection.sendall(data)


def _modules(begin: Begin) -> LearnerModules:
    """The modules, as files in the working folder as well, with all that lies beside them."""
    load_where_asked_for(begin.sources.values())
    files = {name: f"{name}.py" for name in begin.sources}
    texts = {files[name]: text.encode("utf-8", "surrogatepass") for name, text in begin.sources.items()}
    paths = {name: home.put_down(file, texts[file]) for name, file in files.items()}
    for name, data in begin.data.items():
        home.put_down(name, data)
    return LearnerModules(begin.sources, paths, where="where this is graded", lacking=begin.lacking)


def _answer(request: Load | Import | Call, modules: LearnerModules, device: str) -> Reply | Raised:
    if isinstance(request, Load):
        _load(request.names)
        return Reply(None)
    answer: Reply | Raised | None
    if isinstance(request, Import):
        answer = modules.imported(request.module, STOP)
    else:
        answer = pretend(request, modules, STOP) if request.pretend else perform(request, modules, device, STOP)
    if isinstance(answer, Raised):
        return replace(answer, message=home.without_places(answer.message))
    return answer or Reply(None)


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        with contextlib.suppress(*STOP):  # it comes again where the learner imports it
            importlib.import_module(name)


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
        reader.data += data
    return frame


def _packed(answer: Reply | Raised) -> bytes:
    try:
        return pack(encode_answer(answer))
    except (MalformedFrame, TypeError, ValueError, RecursionError, MemoryError) as error:
        # What has no plain form only pretended to have one.
        kind = type_name(error) if isinstance(error, TypeError) else TOO_LARGE
        return pack(encode_answer(Raised("encode", kind, f"it can't be sent ({type_name(error)})")))


def _flush() -> None:
    for stream in (sys.stdout, sys.__stdout__):
        try:
            stream.flush()  # type: ignore[union-attr]
        except BaseException:
            continue
    with contextlib.suppress(OSError):  # a learner may have closed it
        os.write(1, END_OF_PRINTED)
