"""The way to a Dask cluster: which addresses may be used, the connection to its scheduler, and what crosses it.

What crosses between the main process and the workers is bytes: the course and an entry there, a record back. What comes
back is JSON, and is read strictly.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import dask
from distributed import Client, LocalCluster
from distributed.security import Security
from distributed.versions import get_versions
from pydantic import TypeAdapter, ValidationError

from grader.core.assignment import FILE_NAME, Assignment, Device
from grader.core.errors import PROJECT, ClusterError, GradingError
from grader.core.sanitize import sanitized
from grader.grading.collect import Gathered
from grader.grading.process import Graded, GradingPlan
from grader.grading.submission import Entry, EntryFiles, PreviousGrading
from grader.reading.reader import File
from grader.sandbox.host.machine import Isolation, Level
from grader.sandbox.protocol.frames import FrameReader, MalformedFrame, decode_typed, encode_typed, pack

CONNECT_SECONDS = 10


def refuse_in_the_clear(address: str, *, unencrypted: bool) -> None:
    """Raise `ClusterError` for an address that is none, or that is on another machine and not encrypted."""
    parts = urlsplit(address)
    try:
        is_address = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        is_address = False
    if address != "local" and not is_address:
        raise ClusterError(
            f'--cluster {sanitized(address, 200)}: expected "local", or the address of a Dask scheduler such as '
            "tls://HOST:8786."
        )
    if in_the_clear(address) and not unencrypted:
        raise ClusterError(
            f"--cluster {address} is another machine, and the connection to it is not encrypted: solutions and "
            "submissions could be read on the way, and whoever reaches the scheduler can run code on every worker. "
            "Use tls://, or say --no-tls if the network is yours alone."
        )


def in_the_clear(address: str) -> bool:
    """Whether what is sent there leaves this machine unencrypted."""
    parts = urlsplit(address)
    return parts.scheme == "tcp" and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    """Whether each address of a host is one of this machine: only then can a socket be bound to it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.bind((address[0], 0, *address[2:]))
    except OSError:
        return False
    return True


def connect(address: str, opened: contextlib.ExitStack, count: int) -> Client:
    """A client of the scheduler at an address; `local` starts one with `count` workers, which end with `opened`.

    Raises `GradingError` when the cluster can't be used.
    """
    shown = address
    logging.disable(logging.CRITICAL)  # Dask's: what fails is said below, or where it matters
    security: Security | None = None
    try:
        if address == "local":
            security = Security.temporary()  # or others who use this machine could connect
            dask.config.set({"distributed.worker.profile.enabled": False})  # it takes 3 % of a processor
            cluster = LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                protocol="tls",
                security=security,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                memory_limit=0,
                silence_logs=logging.CRITICAL,
                local_directory=tempfile.gettempdir(),
            )
            opened.callback(cluster.close)
            address = cluster.scheduler_address
        elif address.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
            raise ValueError("Dask's configuration names no certificates, distributed.comm.tls")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions: who may grade is found out below
            # What comes back is bytes, and is taken as nothing else.
            return Client(
                address,
                timeout=CONNECT_SECONDS,
                security=security,
                set_as_default=False,
                serializers=["dask", "msgpack", "pickle"],
                deserializers=["dask", "msgpack"],
            )
    except (OSError, TimeoutError, RuntimeError, ValueError) as error:
        raise GradingError(
            f"The cluster {shown} can't be used ({type(error).__name__}: {str(error).rstrip('.')}). "
            "Is the scheduler running there, and for TLS, are certificates set in Dask's configuration?"
        ) from None


MOST_BYTES = 32 << 20  # of one record; the largest that was seen took 60 KB
# As pip knows them, in the order of `Versions`.
_PACKAGES = ("torch", "numpy", PROJECT)
# An expression that each machine evaluates, so that nothing of the kit is needed there, nor run: a digest of its files.
_KIT_FILES = (
    "(lambda found: __import__('hashlib').sha256(b'\\0'.join(part"
    " for path in sorted(__import__('pathlib').Path(found.origin).parent.rglob('*.py'))"
    " for part in (path.name.encode(), path.read_bytes()))).hexdigest() if found and found.origin else '')"
    "(__import__('importlib.util').util.find_spec('grader'))"
)
# What each machine is asked, this one included.
ASKED: tuple[tuple[Callable[..., Any], Any], ...] = ((get_versions, _PACKAGES), (eval, _KIT_FILES))
T = TypeVar("T")


class Strict(Generic[T]):
    """Values of one type as JSON bytes. Only bytes that `write` would make are read."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def write(self, value: T) -> bytes:
        """The bytes."""
        return self._adapter.dump_json(value)

    def read(self, data: object) -> T:
        """The value. Trusts nothing: raises `MalformedFrame` unless it is exactly as agreed."""
        if type(data) is not bytes or len(data) > MOST_BYTES:
            raise MalformedFrame(f"expected at most {MOST_BYTES:,} bytes of JSON, found something else")
        try:
            value = self._adapter.validate_json(data, strict=True)
        except (ValidationError, RecursionError) as error:
            raise MalformedFrame(f"not the JSON that was agreed on ({type(error).__name__})") from None
        if self._adapter.dump_json(value) != data:
            raise MalformedFrame("more, or other, than the JSON that was agreed on")
        return value


@dataclass(frozen=True)
class Versions:
    """What must be the same on every machine."""

    python: str
    torch: str
    numpy: str
    kit: str
    files: str

    @classmethod
    def read(cls, data: object) -> Versions:
        """Those in JSON of the two answers to what is `ASKED`. Raises `MalformedFrame`."""
        try:
            found, files = json.loads(data if type(data) is bytes else b"")
            packages = [found["packages"][name] or "none" for name in _PACKAGES]
            return cls(*map(str, (found["host"]["python"], *packages, files)))
        except (ValueError, LookupError, TypeError, RecursionError):
            raise MalformedFrame("these are not versions of packages") from None

    def differing(self, ours: Versions) -> str:
        """What is another here than in `ours`, in words; empty when nothing is."""
        names = {"python": "Python", "torch": "torch", "numpy": "NumPy", "kit": "the kit"}
        pairs = [(said, getattr(self, name), getattr(ours, name)) for name, said in names.items()]
        found = [f"it has {said} {theirs}, expected {own}" for said, theirs, own in pairs if theirs != own]
        if self.kit == ours.kit and self.files != ours.files:
            found.append(f"its kit {self.kit} has other files than the one here: install this one there")
        return "; ".join(found)


@dataclass(frozen=True)
class SentPlan:
    """What all submissions of a batch are graded with. `level` is what was asked of the sandbox, None for the best that
    a machine has."""

    assignment: Assignment
    seed: int
    device: Device
    level: Level | None

    def on(self, root: Path, isolation: Isolation) -> GradingPlan:
        """The same for a machine on which the course lies in `root`."""
        return GradingPlan(root, self.assignment, self.seed, self.device, isolation, (root / "solutions",))


@dataclass(frozen=True)
class Ready:
    """What a worker answers when it is to get ready. `refused` says why it can't, `note` what a person should know."""

    refused: str = ""
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of an entry: its record; or why it has none, and `is_ready` when the worker was."""

    graded: Graded | None = None
    lost: str = ""
    broken: str = ""
    is_ready: bool = True


PLAN, READY, ANSWER = Strict(SentPlan), Strict(Ready), Strict(Answer)
PREVIOUS = Strict(PreviousGrading)


@dataclass(frozen=True)
class _SentEntry:
    student: str
    name: str
    notebook: str
    is_folder: bool
    files: tuple[File, ...]


def pack_entry(gathered: Gathered) -> bytes:
    """An entry with its files. Raises `MalformedFrame` when that is too much."""
    entry = gathered.entry
    sent = _SentEntry(entry.student, entry.path.name, entry.notebook, gathered.is_folder, gathered.files)
    return pack(encode_typed(sent))


def unpack_entry(data: bytes, previous: bytes) -> Entry:
    """The entry, with results of a previous grading. Raises `MalformedFrame`."""
    sent = _unpacked(_SentEntry, data)
    files = EntryFiles(sent.is_folder, sent.files)
    return Entry(sent.student, Path(sent.name), sent.notebook, previous=PREVIOUS.read(previous), files=files)


@dataclass(frozen=True)
class _SentCourse:
    files: Mapping[str, bytes]


def pack_course(root: Path, assignment: Assignment) -> bytes:
    """All that grading an assignment needs of a course: its table, solutions and public files. The same files give the
    same bytes. Raises `GradingError`."""
    found = sorted(_course_files(root, assignment))
    try:
        files = {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
        return pack(encode_typed(_SentCourse(files)))
    except OSError as error:
        raise GradingError(f"{error.filename} can't be read: {error.strerror}.") from None
    except MalformedFrame:
        raise GradingError(
            f"The files of {assignment.id} in {root} are too much to be sent to a cluster: expected at most 64 MB in "
            "10,000 files. Move large data out of the course's folder."
        ) from None


def unpack_course(data: bytes, root: Path) -> None:
    """Write the course into the new folder `root`; solutions can be read by this user alone. Raises `OSError`, and
    `MalformedFrame` for a file that would lie elsewhere."""
    root.mkdir(0o755)
    (root / "solutions").mkdir(0o700)
    for name, content in _unpacked(_SentCourse, data).files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise MalformedFrame(f"{name!r} would lie outside of the course")
        (root / path.parent).mkdir(0o755, parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def digest_of(plan: bytes, course: bytes) -> str:
    """What a worker knows a plan and its course by."""
    return hashlib.sha256(hashlib.sha256(plan).digest() + hashlib.sha256(course).digest()).hexdigest()


def _course_files(root: Path, assignment: Assignment) -> Iterator[Path]:
    yield root / FILE_NAME
    for top in (root / "solutions", root / "exercises"):
        yield from (path for path in top.glob("*.py") if path.is_file())
        for path in (top / assignment.id).rglob("*"):
            inside = path.relative_to(top).parts
            if path.is_file() and "__pycache__" not in inside and not any(part.startswith(".") for part in inside):
                yield path


def _unpacked(kind: type[T], data: bytes) -> T:
    frames = FrameReader()
    frames.data += data
    frame = frames.next()
    if frame is None or frames.data:
        raise MalformedFrame("what was sent is cut off, or has something behind it")
    return decode_typed(kind, frame)
