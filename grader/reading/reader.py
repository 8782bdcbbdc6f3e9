"""A reader: a process that takes apart what one learner submitted; what it is asked and what it answers, as plain data.

It is asked for a reading, or for the edits of a function. It answers an empty frame with an empty frame, once it is
shut in: whatever ends it before that is no fault of the learner. Then it answers one `ReadRequest` with a `ReadAnswer`,
and another empty frame with a `FactsAnswer`: a text that is too much for Python's parser may cost the second, and then
is run all the same, within the limits of whatever runs it. What comes of such a text in here is of no harm to others.

Once a reading that was no trouble is answered, the same process may run what it read.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import os
import resource
import socket
import sys
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from grader.core.assignment import Assignment, Exercise, Module
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.reading.edits import Edit, edits_of
from grader.reading.folders import Tree
from grader.reading.forms import Part, parts_of
from grader.reading.module_builder import alone_sources
from grader.reading.module_text import ModuleSource
from grader.reading.parsing import parse
from grader.reading.read import Reading, read_file, read_holding
from grader.reading.source_facts import SourceFacts, facts_of_all
from grader.sandbox.protocol.frames import Frame, FrameReader, decode_typed, encode_typed, pack


@dataclass(frozen=True)
class File:
    """One file of an entry, or a folder, whose path ends with a slash. `size` is in bytes. `data` is None where it was
    not read, and `problem` says why, as a sentence."""

    path: str
    size: int
    data: bytes | None
    problem: str = ""
    status: SubmissionStatus = SubmissionStatus.UNREADABLE


@dataclass(frozen=True)
class ReadRequest:
    """An entry: its name where it lies, and its files; one alone when it is no folder.

    `notebook` is the one that counts in a folder with several. With `cells`, those of the notebook are given back, too,
    and with `parts`, the forms of the code.
    """

    name: str
    is_folder: bool
    files: tuple[File, ...]
    sought: Assignment
    notebook: str = ""
    cells: bool = False
    parts: bool = False


@dataclass(frozen=True)
class EditsRequest:
    """A text, and the function in it whose edits are wanted, `most` of them at most, and none of what is `right`."""

    text: str
    function: str
    most: int
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditsAnswer:
    """The edits."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class NotRead:
    """Why an entry can't be read."""

    sentence: str
    status: SubmissionStatus


@dataclass(frozen=True)
class ReadAnswer:
    """The first answer: what an entry holds, or why that can't be said."""

    reading: Reading | None
    not_read: NotRead | None = None


@dataclass(frozen=True)
class FactsAnswer:
    """The second answer: by exercise, what is known of it, and what it consists of by itself, of modules in files; and
    the modules that are imported, by dotted names; where they were wanted, the forms of each part of the code.
    `was_easy` tells whether the process is as good as a fresh one."""

    facts: Mapping[str, SourceFacts] = field(default_factory=dict)
    alone: Mapping[str, Mapping[str, ModuleSource]] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    was_easy: bool = False
    parts: Mapping[str, Part] = field(default_factory=dict)


T = TypeVar("T")
_MOST = 200
_EASY_SECONDS, _EASY_KB = 1.0, 32 << 10  # of processor time, and of memory
EDITS = "edits"  # what the first frame holds where edits are wanted, and no reading


def imports_of(text: str) -> tuple[str, ...]:
    """The modules that a text imports, anywhere in it, by their dotted names; none of a text that can't be read.

    `from a import b` gives `a` and `a.b`, which may be a module. Sorted, and not more than a few hundred.
    """
    try:
        nodes = list(ast.walk(parse(text)))
    except SyntaxError:
        return ()
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*"}
    short = sorted(name for name in found if len(name) <= 100)
    return tuple(short[:_MOST])


_SAMPLE = "import torch\n\n\ndef usual(x, w):\n    y = torch.matmul(x, w.t())\n    return (y * y).sum() / y.numel()\n"


@functools.cache
def warm_up() -> None:
    """One reading of a text of ours, so that no process that reads has to do what is done but once."""
    forbidden = ("torch.nn.functional.mse_loss",)
    usual = Exercise(id="usual", module="warm", function="usual", title="", points=1.0, forbidden=forbidden, hints=())
    modules = {"warm": Module(id="warm", title="")}
    sought = Assignment(id="warm", title="", modules=modules, exercises={"usual": usual})
    asked = ReadRequest("warm", True, (File("warm.py", len(_SAMPLE), _SAMPLE.encode()),), sought)
    answer = read_request(_again(asked))
    _again(answer)
    _again(facts_answer(answer.reading, asked))


def _again(value: T) -> T:
    """The same, sent and received."""
    reader = FrameReader()
    reader.data += pack(encode_typed(value))
    frame = reader.next()
    assert frame is not None
    return decode_typed(type(value), frame)


def serve(connection: socket.socket, reader: FrameReader) -> None:
    """Answer one request: one for edits ends with the process, and after a reading it may go on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's parser has some to say about what it reads
        _serve(connection, reader)


def _serve(connection: socket.socket, reader: FrameReader) -> None:
    wanted = _received(connection, reader)
    connection.sendall(pack(Frame(None, [])))
    if wanted.body == EDITS:
        asked = decode_typed(EditsRequest, _received(connection, reader))
        _send(connection, EditsAnswer(edits_of(asked.text, asked.function, asked.most, asked.right)))
        _wait_to_be_killed(connection)
    before = _memory_kb()
    request = decode_typed(ReadRequest, _received(connection, reader))
    answer = read_request(request)
    _send(connection, answer)
    _received(connection, reader)  # that facts are wanted
    facts = facts_answer(answer.reading, request)
    was_easy = time.process_time() < _EASY_SECONDS and _memory_kb() - before < _EASY_KB
    _send(connection, dataclasses.replace(facts, was_easy=was_easy))
    if not was_easy:
        _wait_to_be_killed(connection)


def _memory_kb() -> int:
    """The most that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _wait_to_be_killed(connection: socket.socket) -> NoReturn:
    while connection.recv(1 << 16):
        pass
    os._exit(0)


def facts_answer(reading: Reading | None, request: ReadRequest) -> FactsAnswer:
    """What is known of each exercise in what was read, and which modules it imports."""
    if reading is None:
        return FactsAnswer()
    files = {name: source for name, source in reading.modules.items() if not source.lines}
    alone = alone_sources(files, request.sought) if files else {}
    imports = sorted({name for source in reading.modules.values() for name in imports_of(source.text)})
    sought = request.sought.exercises
    parts = parts_of(reading.modules, {**reading.alone, **alone}, sought) if request.parts else {}
    return FactsAnswer(facts_of_all(reading.modules, sought), alone, tuple(imports), parts=parts)


def read_request(request: ReadRequest) -> ReadAnswer:
    """What an entry holds, or why that can't be said: whatever a learner handed in, this answers and does not raise."""
    try:
        reading = _read(request)
        return ReadAnswer(reading if request.cells else dataclasses.replace(reading, cells=()))
    except NotReadError as problem:
        return ReadAnswer(None, NotRead(str(problem), problem.status))
    except (RecursionError, MemoryError):
        shown = sanitized(request.name, 80)
        sentence = f"{shown} is nested too deeply, or takes too much memory to be read. Hand in only your own work."
        return ReadAnswer(None, NotRead(sentence, SubmissionStatus.UNREADABLE))


def _read(request: ReadRequest) -> Reading:
    tree = Tree((file.path, file) for file in request.files)
    if request.is_folder:
        return read_holding(tree, request.sought, request.notebook)
    limits = request.sought.limits
    return read_file(
        request.name, tree.read(request.name, max(limits.archive_bytes, limits.notebook_bytes)), request.sought
    )


def _send(connection: socket.socket, answer: ReadAnswer | FactsAnswer | EditsAnswer) -> None:
    connection.sendall(pack(encode_typed(answer)))


def _received(connection: socket.socket, reader: FrameReader) -> Frame:
    while (frame := reader.next()) is None:
        data = connection.recv(max(reader.wanted(), 1 << 16))
        if not data:
            sys.exit(0)
        reader.data += data
    return frame
