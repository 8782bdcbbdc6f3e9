"""The docs as data: pages with fenced blocks, sections and tables; and a copy of the course to try commands in."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.one_lesson import one_lesson

ROOT = Path(__file__).resolve().parent.parent.parent
_FENCE = re.compile(r"^( *)(`{3,})(.*)$")
_HEADING = re.compile(r"^#{1,6} (.*)$")


@dataclass(frozen=True)
class Fence:
    """A fenced block: the words behind its three backticks, its text, and the second-level section it is in."""

    words: tuple[str, ...]
    text: str
    line: int
    section: str

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""

    def option(self, name: str) -> str | None:
        """The value of `name=value` behind the language."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{name}=")), None)

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """Each line that begins with a prompt, with the lines that it is said to print."""
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
        return found


@dataclass(frozen=True)
class Page:
    """One Markdown file. `prose` is its text without fenced blocks."""

    path: Path
    fences: list[Fence] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    prose: str = ""

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def table(self, header: str) -> dict[str, list[str]]:
        """The cells of each row, by the names in code in its first cell, of the table with this first heading."""
        lines = iter(self.prose.splitlines())
        for line in lines:
            if line.startswith(f"| {header} |"):
                break
        else:
            pytest.fail(f"{self.name} has no table that begins with {header!r}")
        next(lines)
        rows: dict[str, list[str]] = {}
        for line in lines:
            if not line.startswith("|"):
                break
            first, *cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for name in re.findall(r"`([^`]+)`", first):
                assert name not in rows, f"{self.name}: {name} is there twice"
                rows[name] = cells
        return rows


def read_page(path: Path) -> Page:
    page = Page(path)
    prose: list[str] = []
    inside: list[str] = []
    opened: tuple[int, int, str, str] | None = None
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence and opened and fence[2] == opened[2]:
            start, indent, _, words = opened
            text = "".join(f"{each[indent:] if each[:indent].isspace() else each}\n" for each in inside)
            page.fences.append(Fence(tuple(words.split()), text, start, section))
            opened, inside = None, []
        elif fence and not opened:
            opened = (number, len(fence[1]), fence[2], fence[3])
        elif opened:
            inside.append(line)
        else:
            prose.append(line)
            heading = _HEADING.match(line)
            if heading:
                page.headings.append(heading[1])
            if line.startswith("## "):
                section = line[3:]
    assert opened is None, f"{path}: a fenced block has no end"
    return Page(path, page.fences, page.headings, "\n".join(prose))


@pytest.fixture(scope="session")
def page() -> Callable[[str], Page]:
    """A page by its name: `page("docs/checks.md")`."""
    return lambda name: read_page(ROOT / name)


def _as_shown(command: str) -> str | None:
    return command


@dataclass(frozen=True)
class CourseCopy:
    """A copy of the course in which commands are tried."""

    folder: Path

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run one line of shell as a reader would in the activated environment; all output in `stdout`."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment = {
            **ours,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
        }
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    def try_out(self, fence: Fence, instead: Callable[[str], str | None] = _as_shown) -> None:
        """Do what a block asks for: write a file, change a function, or run commands and compare what they print.

        `instead` gives what is run for a command that is shown; None where nothing is.
        """
        if file := fence.option("file"):
            path = self.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if "replace" in fence.words:
                path.write_text(replaced(path.read_text(encoding="utf-8"), fence.text), encoding="utf-8")
                return
            before = path.read_text(encoding="utf-8") + "\n" if "append" in fence.words else ""
            path.write_text(before + fence.text, encoding="utf-8")
        elif file := fence.option("function"):
            path = self.folder / file
            path.write_text(with_function(path.read_text(encoding="utf-8"), fence.text), encoding="utf-8")
        elif fence.language == "console":
            self._run_all(fence, instead)

    def _run_all(self, fence: Fence, instead: Callable[[str], str | None]) -> None:
        commands = fence.commands
        for number, (command, shown) in enumerate(commands, start=1):
            run = instead(command)
            if run is None:
                continue
            done = self.run(run)
            wanted = int(fence.option("exit") or 0) if number == len(commands) else 0
            assert done.returncode == wanted, f"$ {command}\n{done.stdout}"
            assert matches(shown, done.stdout), (
                f"$ {command}\nshown:\n" + "\n".join(shown) + f"\nprinted:\n{done.stdout}"
            )


# What differs from run to run, or with every word of a text, and may be shown as it was once: how long it took, how
# large it is, and whose turn came first.
_MEASURED = re.compile(r"\d[\d.,]* (?=s[,.]|a second\b|bytes\b)")
_TURN = re.compile(r"^\d+/\d+ (?=\S+: )", re.MULTILINE)


def alike(text: str) -> str:
    """A text in which that is the same for every run: no times and sizes, and lines such as `1/3 ada: graded, …` in order."""
    lines = _MEASURED.sub("# ", text).splitlines()
    turns = [number for number, line in enumerate(lines) if _TURN.match(line)]
    for number, line in zip(turns, sorted(_TURN.sub("#/# ", lines[each]) for each in turns), strict=True):
        lines[number] = line
    return "\n".join(lines)


def matches(shown: list[str], printed: str) -> bool:
    """Whether this was printed, but for what differs from run to run; `...` stands for anything in a line, and for any
    lines on a line of its own."""
    pattern = ""
    for line in alike("\n".join(shown).strip("\n")).splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("...")) + "\n"
    lines = [line.rstrip() for line in alike(printed.strip("\n")).splitlines()]
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def replaced(text: str, new: str) -> str:
    """A text with one of its parts replaced: the TOML table, or the Python function, that begins as the new one does."""
    first = new.split("(" if new.startswith("def ") else "\n")[0]
    part = re.compile(rf"^{re.escape(first)}(?=\W).*?(?=^(?:\[|def )|\Z)", re.MULTILINE | re.DOTALL)
    assert len(part.findall(text)) == 1, f"{first} is not there once"
    return part.sub(lambda _: f"{new.rstrip()}\n\n", text).rstrip() + "\n"


def with_function(text: str, code: str) -> str:
    """A module's text with the code of one function replaced, its docstring kept, as somebody does who fills in a stub."""
    new = next(node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef))
    old = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == new.name)
    lines, own = text.splitlines(keepends=True), code.splitlines(keepends=True)
    return "".join([*lines[: old.body[0].end_lineno], *own[new.body[0].lineno - 1 :], *lines[old.end_lineno :]])


@pytest.fixture(scope="session")
def copies() -> Callable[[Path], CourseCopy]:
    """Copies the course to a folder."""
    return copy_course


@pytest.fixture
def course_copy(tmp_path: Path) -> CourseCopy:
    """The course as it is committed, alone in a folder, with the two lessons that the pages tell of."""
    return copy_course(tmp_path / "course")


_LESSONS = {"linear_regression", "digits"}


def copy_course(folder: Path) -> CourseCopy:
    folder.mkdir()
    others = {each.name for each in (ROOT / "solutions").iterdir() if each.is_dir()} - _LESSONS
    ignored = shutil.ignore_patterns("__pycache__", "*.bak*", *others)
    for name in ("exercises", "solutions", "sample_class", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "course.toml").write_text(one_lesson("digits"), encoding="utf-8")
    return CourseCopy(folder)
