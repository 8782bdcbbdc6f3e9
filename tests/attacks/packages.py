"""Attacks that are not Python but packages: archives, links, names, notebooks. Built by code, as no file can hold them.

Beside right solutions lie files that would change the grading if anything read them (`plant`), or the package itself is
the attack (`package`).
"""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.attacks.attack import MODULES, right_source

FULL = 30.0
Build = Callable[[Path, str], None]
Entries = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Package:
    """Something handed in: `build` makes it in the folder of submissions, under a name. `student` is whose it is."""

    group: str
    name: str
    what: str
    build: Build
    statuses: frozenset[str]
    scores: frozenset[float] | None
    words: str
    student: str

    def make(self, submissions: Path) -> None:
        """Hand it in."""
        submissions.mkdir(exist_ok=True)
        self.build(submissions, self.student)


_PACKAGES: list[Package] = []


def packages() -> list[Package]:
    """All of them."""
    return sorted(_PACKAGES, key=lambda each: (each.group, each.name))


def package(
    *statuses: str, scores: Iterable[float] | None = (0.0,), words: str = "", group: str = "package", student: str = ""
) -> Callable[[Build], Build]:
    """Declare one: what it may be called, what it may score (None: anything), and a pattern of what it is told.

    Its name is the function's, and its docstring says what it is. It is handed in under that name, or as `student`.
    """

    def declare(build: Build) -> Build:
        name = build.__name__
        what = " ".join((build.__doc__ or "").split())
        allowed = None if scores is None else frozenset(scores)
        handed_in_as = student or f"{group}-{name}"
        _PACKAGES.append(Package(group, name, what, build, frozenset(statuses), allowed, words, handed_in_as))
        return build

    return declare


def right(folder: Path, *modules: str) -> Path:
    """A right submission."""
    folder.mkdir(parents=True)
    for module in modules or MODULES:
        (folder / f"{module}.py").write_text(right_source(module), encoding="utf-8")
    return folder


def zipped(path: Path, entries: Entries, method: int = zipfile.ZIP_DEFLATED) -> None:
    """An archive with these files."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)


def right_files() -> list[tuple[str, str | bytes]]:
    """A right submission's files."""
    return [(f"{module}.py", right_source(module)) for module in MODULES]


def notebook(path: Path, cells: list[Any], **more: Any) -> None:
    """A notebook with these cells; texts become code cells."""
    made = [
        {"cell_type": "code", "source": each, "metadata": {}, "outputs": [], "execution_count": None}
        if isinstance(each, str)
        else each
        for each in cells
    ]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}))


# Archives.


@package("graded", scores=[FULL])
def honest_archive(submissions: Path, student: str) -> None:
    """A right submission in an archive, to show that archives are read at all."""
    zipped(submissions / f"{student}.zip", right_files())


@package("refused", "graded", scores=[0.0, FULL], words="Left aside: data.bin|more than")
def zip_bomb(submissions: Path, student: str) -> None:
    """An archive of some kilobytes that becomes hundreds of megabytes."""
    zipped(submissions / f"{student}.zip", [*right_files(), ("data.bin", bytes(300 << 20))])


@package("refused", "graded", scores=None)
def zip_bomb_as_a_module(submissions: Path, student: str) -> None:
    """An archive whose module unpacks to far more than a module may hold."""
    zipped(submissions / f"{student}.zip", [("from_scratch.py", b"#" * (100 << 20)), right_files()[1]])


@package("graded", scores=[FULL])
def nested_archives(submissions: Path, student: str) -> None:
    """An archive in an archive in an archive."""
    data = b""
    for name in ("work.zip", "inner.zip", "innermost.zip"):
        room = io.BytesIO()
        with zipfile.ZipFile(room, "w") as archive:
            for each, text in [(name, data)] if data else right_files():
                archive.writestr(each, text)
        data = room.getvalue()
    (submissions / f"{student}.zip").write_bytes(data)


@package("refused")
def archive_with_paths_outside(submissions: Path, student: str) -> None:
    """An archive whose files would be unpacked elsewhere."""
    zipped(submissions / f"{student}.zip", [*right_files(), ("../bystander/diary.txt", "changed")])


@package("refused")
def archive_with_absolute_paths(submissions: Path, student: str) -> None:
    """An archive whose files would be unpacked to the root of all files."""
    zipped(submissions / f"{student}.zip", [*right_files(), ("/etc/cron.d/evil", "changed")])


@package("refused", "graded", scores=None)
def archive_with_a_link(submissions: Path, student: str) -> None:
    """An archive whose module is a symbolic link to a hidden check."""
    link = zipfile.ZipInfo("from_scratch.py")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(submissions / f"{student}.zip", "w") as archive:
        archive.writestr(link, "../../course/solutions/linear_regression/from_scratch.py")
        archive.writestr(*right_files()[1])


@package("refused", "graded", scores=None)
def archive_with_two_files_of_one_name(submissions: Path, student: str) -> None:
    """An archive that holds one module twice, so that two readers may see two different ones."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zipped(submissions / f"{student}.zip", [*right_files(), ("from_scratch.py", "raise ValueError")])


@package("refused", "unreadable")
def archive_of_many_files(submissions: Path, student: str) -> None:
    """An archive of ten thousand files."""
    zipped(submissions / f"{student}.zip", [*right_files(), *((f"data/{each}", "") for each in range(10_000))])


@package("unreadable", "refused")
def archive_cut_short(submissions: Path, student: str) -> None:
    """An archive of which the end is missing."""
    path = submissions / f"{student}.zip"
    zipped(path, right_files())
    path.write_bytes(path.read_bytes()[:-40])


@package("unreadable", "refused")
def archive_of_noise(submissions: Path, student: str) -> None:
    """Random bytes that are called an archive."""
    (submissions / f"{student}.zip").write_bytes(b"PK\3\4" + os.urandom(5000))


@package("unreadable", "refused")
def empty_archive(submissions: Path, student: str) -> None:
    """A file without bytes that is called an archive."""
    (submissions / f"{student}.zip").touch()


@package("refused", "unreadable", "graded", scores=None)
def archive_with_a_false_checksum(submissions: Path, student: str) -> None:
    """An archive whose bytes are not those that it promises."""
    path = submissions / f"{student}.zip"
    zipped(path, right_files(), zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"torch", b"crash"))


@package("refused", "unreadable", student="package-other.tar.gz")
def another_kind_of_archive(submissions: Path, student: str) -> None:
    """An archive of a kind that is not taken."""
    (submissions / student).write_bytes(b"\x1f\x8b" + os.urandom(100))


# Folders and files.


@package("unreadable", "refused")
def symbolic_link_to_a_sibling(submissions: Path, student: str) -> None:
    """A link to another learner's folder, to hand in what they wrote."""
    (submissions / student).symlink_to("honest", target_is_directory=True)


@package("graded", "unreadable", "refused", scores=[0.0, 10.0])
def symbolic_link_as_a_module(submissions: Path, student: str) -> None:
    """A module that is a link to the reference solution."""
    folder = right(submissions / student, "with_torch")
    (folder / "from_scratch.py").symlink_to(submissions.parent / "course/solutions/linear_regression/from_scratch.py")


@package("graded", "unreadable", "refused", scores=None)
def pipe_as_a_module(submissions: Path, student: str) -> None:
    """A module that is a named pipe, which nobody ever writes to."""
    os.mkfifo(right(submissions / student, "with_torch") / "from_scratch.py")


@package("unreadable", "refused")
def pipe(submissions: Path, student: str) -> None:
    """A named pipe in place of a folder."""
    os.mkfifo(submissions / student)


@package("graded", "unreadable", "refused", scores=None)
def device_as_a_module(submissions: Path, student: str) -> None:
    """A module that is a device without end, or a link to one."""
    path = right(submissions / student, "with_torch") / "from_scratch.py"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except OSError:
        path.symlink_to("/dev/zero")


@package("graded", "unreadable", "refused", scores=None)
def socket_as_a_module(submissions: Path, student: str) -> None:
    """A module that is a socket."""
    folder = right(submissions / student, "with_torch")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(f"/proc/self/fd/{here}/from_scratch.py")
    os.close(here)


@package("graded", scores=[10.0])
def folder_as_a_module(submissions: Path, student: str) -> None:
    """A folder that is called as a module is."""
    (right(submissions / student, "with_torch") / "from_scratch.py").mkdir()


@package("not_found")
def empty_folder(submissions: Path, student: str) -> None:
    """A folder with nothing in it."""
    (submissions / student).mkdir()


@package("graded", scores=[10.0])
def empty_module(submissions: Path, student: str) -> None:
    """A module without a byte."""
    (right(submissions / student, "with_torch") / "from_scratch.py").touch()


@package("graded", "refused", scores=[0.0, 10.0])
def module_of_64_megabytes(submissions: Path, student: str) -> None:
    """A module of 64 MiB."""
    path = right(submissions / student, "with_torch") / "from_scratch.py"
    with path.open("wb") as file:
        file.truncate(64 << 20)


@package("graded", scores=[FULL])
def deep_folders(submissions: Path, student: str) -> None:
    """A right submission below a hundred folders."""
    right(submissions / student / "/".join(["deep"] * 100))


@package("graded", scores=[FULL])
def hard_link(submissions: Path, student: str) -> None:
    """A module that is a hard link: a plain file, and graded as one."""
    folder = right(submissions / student)
    os.link(folder / "from_scratch.py", folder / "again.txt")


@package("refused", student="package-twice")
def twice(submissions: Path, student: str) -> None:
    """A folder and an archive of one name, so that it is not clear which one counts."""
    right(submissions / student)
    zipped(submissions / f"{student}.zip", right_files())


# Texts.


def _text(name: str, data: bytes, *statuses: str, what: str, scores: Iterable[float] | None = (10.0,)) -> None:
    def build(submissions: Path, student: str) -> None:
        (right(submissions / student, "with_torch") / "from_scratch.py").write_bytes(data)

    build.__name__, build.__doc__ = name, what
    package(*(statuses or ("graded",)), scores=scores)(build)


_RIGHT = right_source("from_scratch").encode()
_text("nul_bytes", b"x = 1\0\0\n" + _RIGHT, what="A module with bytes of zero in it.")
_text("latin_1", b"name = '\xe9\xff'\n" + _RIGHT, what="A module in another encoding.", scores=None)
_text(
    "byte_order_mark",
    b"\xef\xbb\xbf" + _RIGHT,
    what="A module that begins as Windows' editors begin it.",
    scores=[FULL],
)
_text("utf_16", _RIGHT.decode().encode("utf-16"), what="A module in an encoding of two bytes.", scores=None)
_text("declared_encoding", b"# coding: rot13\n" + _RIGHT, what="A module that declares an odd encoding.", scores=None)
_text("tabs_and_spaces", b"def model(x, w, b):\n\tif 1:\n        return x\n", what="Tabs and spaces in turn.")
_text("syntax_error", b"def model(x, w, b)\n    return x\n", what="A module that is no Python.")
_text("unclosed", b"def model(x, w, b):\n    return '''x\n", what="A text that never ends.")
_text("nested_brackets", b"(" * 5000 + b")" * 5000, what="Brackets that are nested too deeply for Python.")
_text("nested_blocks", b"".join(b" " * n + b"if 1:\n" for n in range(200)), what="Blocks in two hundred blocks.")
_text(
    "long_line", b"x = " + b"1 + " * 40_000 + b"1\n", what="A sum of forty thousand numbers in one line.", scores=None
)
_text("many_digits", b"x = " + b"9" * 150_000 + b"\n", what="A number of 150,000 digits.")
_text("deep_attributes", b"x" + b".x" * 60_000 + b"\n", what="Sixty thousand attributes in a row.")
_text("deep_minus", b"x = " + b"-" * 90_000 + b"1\n", what="Ninety thousand signs before a number.")
_text("carriage_returns", _RIGHT.replace(b"\n", b"\r"), what="Lines that end as on an old Mac.", scores=[FULL, 10.0])
_text("form_feeds", _RIGHT.replace(b"\n\n\n", b"\n\x0c\n\n"), what="Lines that begin with a form feed.", scores=[FULL])
_text(
    "bidi_source",
    _RIGHT + "# \u202e \u2066 \udcff".encode("utf-8", "surrogatepass"),
    what="Text that runs backwards.",
    scores=None,
)
_text(
    "names_in_other_letters", "def ｍｓｅ(a, b):\n    return a\n".encode(), what="A name that Python reads as another."
)


# Names.


def _named(name: str, student: str, what: str) -> None:
    def build(submissions: Path, student: str) -> None:
        right(submissions / student)

    build.__name__, build.__doc__ = name, what
    package("graded", scores=[FULL], student=student)(build)


_named("quotes_in_its_name", 'package-o\'neil "the best"', "A name with quotes.")
_named("formula_in_its_name", "=cmd|' !C' calc", "A name that a spreadsheet would compute.")
_named("minus_in_its_name", "-rf", "A name that a command would take for an option.")
_named("unicode_in_its_name", "package-Ṡ\u0323ofía 数学 🎓", "A name with accents, other writing and pictures.")
_named("line_end_in_its_name", "package-a\nb\tc", "A name of two lines.")
_named("markup_in_its_name", "package-<script>alert(1)<", "A name that is markup.")
_named("backslash_in_its_name", "package-..\\..\\windows", "A name with another system's separators.")
_named("control_characters_in_its_name", "package-\x1b[31mred\x07", "A name that steers a terminal.")
_named("bidi_in_its_name", "package-\u202egnp.exe", "A name that runs backwards.")
_named("dots_in_its_name", "package-a.b..c...", "A name of dots.")
_named("long_name", "package-" + "n" * 240, "A name that is as long as a name can be.")
_named("spaces_around_its_name", "package- a  b ", "A name with spaces at its ends.")
_named("name_of_a_device", "CON", "A name that means a device on Windows.")
_named(
    "template_in_its_name", "package-{{7*7}}{% raw %}${HOME}$(id)`id`%s", "A name that templates and shells would read."
)
_named("name_of_a_report", "index", "A name that a page of the feedback has.")


@package("graded", scores=[FULL], student="package-\\xff\\xfe")
def name_that_is_no_text(submissions: Path, student: str) -> None:
    """A name of bytes that are no text."""
    right(Path(os.fsdecode(os.fsencode(submissions) + b"/package-\xff\xfe")))


# Notebooks.


@package("graded", scores=[FULL])
def honest_notebook(submissions: Path, student: str) -> None:
    """A right submission in a notebook, to show that notebooks are read at all."""
    notebook(submissions / f"{student}.ipynb", [right_source(module) for module in MODULES])


@package("unreadable", "refused")
def notebook_cut_short(submissions: Path, student: str) -> None:
    """A notebook of which the end is missing."""
    path = submissions / f"{student}.ipynb"
    notebook(path, [right_source(module) for module in MODULES])
    path.write_text(path.read_text()[:-50])


@package("unreadable", "refused", "graded")
def nested_notebook(submissions: Path, student: str) -> None:
    """A notebook whose JSON is nested a hundred thousand times."""
    (submissions / f"{student}.ipynb").write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@package("not_found")
def notebook_of_another_kind(submissions: Path, student: str) -> None:
    """A notebook whose parts are of other types than a notebook's are."""
    odd: list[Any] = [None, 1, [], {"cell_type": 7}, {"cell_type": "code", "source": {"a": 1}}, {"source": [1, None]}]
    notebook(submissions / f"{student}.ipynb", odd, nbformat="four", metadata=[])


@package("unreadable", "refused", "graded", scores=None)
def notebook_of_a_later_format(submissions: Path, student: str) -> None:
    """A notebook of a format that doesn't exist yet."""
    notebook(submissions / f"{student}.ipynb", [right_source(module) for module in MODULES], nbformat=99)


@package("graded", scores=None)
def notebook_that_blanks_later_cells(submissions: Path, student: str) -> None:
    """A notebook that would change, by a transformer of its own, what cells after it do."""
    blank = "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])\n%autoindent\n!touch evil\n%%bash\nid"
    notebook(submissions / f"{student}.ipynb", [blank, *(right_source(module) for module in MODULES)])


@package("graded", scores=None)
def notebook_out_of_order(submissions: Path, student: str) -> None:
    """A notebook whose cells come in the wrong order."""
    notebook(submissions / f"{student}.ipynb", [right_source(module) for module in reversed(MODULES)])


@package("not_found")
def notebook_without_cells(submissions: Path, student: str) -> None:
    """A notebook from which everything was removed."""
    notebook(submissions / f"{student}.ipynb", [])


@package("unreadable", "refused", "graded", scores=[0.0])
def notebook_that_is_a_number(submissions: Path, student: str) -> None:
    """A notebook that is JSON, and nothing but a number with many digits."""
    (submissions / f"{student}.ipynb").write_text("1" * 100_000)


@package("graded", scores=None)
def notebook_with_forged_grades(submissions: Path, student: str) -> None:
    """A notebook whose cells say that they are the grader's, and that they have full points."""
    grade = {"nbgrader": {"grade": True, "grade_id": "mse", "points": 100, "locked": True, "solution": False}}
    cells = [{"cell_type": "code", "source": "", "metadata": grade, "outputs": [{"data": {"text/plain": "30"}}]}]
    notebook(submissions / f"{student}.ipynb", [*cells, right_source("with_torch")])


# Planted: in each, mse is still to do, and something beside it would give full points if anybody read it.

_TODO = 30.0 - 4 - 5
_PASS_ALL = "import pytest\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_makereport(item, call):\n    call.excinfo = None\n"
_BOOM = "open('/tmp/planted', 'w')\nraise SystemExit('planted')\n"
_PLANTED: dict[str, dict[str, str]] = {
    "settings_of_the_test_runner": {
        "conftest.py": _PASS_ALL,
        "pytest.ini": "[pytest]\naddopts = --collect-only\npython_files = nothing\n",
        "tox.ini": "[pytest]\naddopts = -p from_scratch\n",
        "setup.cfg": "[tool:pytest]\naddopts = -p from_scratch\n",
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p from_scratch'\n",
    },
    "what_python_reads_when_it_starts": {
        "sitecustomize.py": _BOOM,
        "usercustomize.py": _BOOM,
        "planted.pth": "import os; os._exit(0)\n",
        "__init__.py": _BOOM,
        "setup.py": _BOOM,
    },
    "modules_named_like_libraries": {
        f"{each}.py": _BOOM for each in ("torch", "json", "numpy", "struct", "socket", "re")
    },
    "packages_named_like_libraries": {f"{each}/__init__.py": _BOOM for each in ("torch", "numpy", "json", "typing")},
    "the_grader": {
        "grader/__init__.py": _BOOM,
        "grader/sandbox/inside/worker.py": _BOOM,
        "course.toml": "[course]\nid = 'mine'\n",
    },
    "hidden_checks": {
        "solutions/linear_regression/hidden/test_mse.py": "def test_values():\n    pass\n",
        "test_mse.py": "def test_values():\n    pass\n",
    },
    "results": {
        "results.jsonl": '{"student": "me", "score": 30}\n',
        "results.db": "SQLite format 3\0",
        "results.json": '{"score": 100, "tests": []}',
        "overrides.csv": "student,exercise,points\nme,mse,4\n",
        "feedback/index.html": "<script>alert(1)</script>",
    },
    "other_forms_of_the_module": {
        "from_scratch/__init__.py": _BOOM,
        "from_scratch.pyc": "\0\0\0\0",
        "from_scratch.pyi": "def mse(t1, t2) -> float: ...\n",
        "from_scratch.cpython-311-x86_64-linux-gnu.so": "\x7fELF",
        "__pycache__/from_scratch.cpython-311.pyc": "\0\0\0\0",
    },
    "hooks": {
        ".env": "PYTHONPATH=.\n",
        ".git/hooks/post-checkout": "#!/bin/sh\ntouch /tmp/planted\n",
        "Makefile": "grade:\n\ttouch /tmp/planted\n",
        "requirements.txt": "./planted\n",
    },
}


def _without_mse() -> str:
    """A submission in which mse is still to do."""
    text = right_source("from_scratch")
    start = text.index("    difference = t1 - t2\n")
    return text[:start] + "    raise NotImplementedError\n" + text[text.index("\n\ndef gradient_step") - 1 :]


def _plant(name: str, planted: dict[str, str], *, archive: bool) -> None:
    def build(submissions: Path, student: str) -> None:
        files = {"from_scratch.py": _without_mse(), "with_torch.py": right_source("with_torch"), **planted}
        if archive:
            zipped(submissions / f"{student}.zip", list(files.items()))
            return
        for each, content in files.items():
            path = submissions / student / each
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    build.__name__ = f"{name}_in_an_archive" if archive else name
    build.__doc__ = f"Files beside the modules, which change the grading if anybody reads them: {', '.join(planted)}."
    package("graded", scores=[_TODO], group="plant", words="mse is still to do")(build)


for _name, _files in _PLANTED.items():
    _plant(_name, _files, archive=False)
_plant("everything", {name: text for files in _PLANTED.values() for name, text in files.items()}, archive=True)
