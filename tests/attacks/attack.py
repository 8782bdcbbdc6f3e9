"""Attacks as they are declared: one small file each, told apart by folder.

An attack is Python as a learner would hand it in. Functions and classes named like the lesson's exercises take their
place in an otherwise right submission; whatever else is in the file goes before it, into the same module. Attacks on
the lesson of functions lie in `corpus/GROUP`, those on the lesson of classes in `corpus/classes/GROUP`. Its docstring
begins with a sentence that says what it does. More can be declared below, as TOML:

    earns     points that it may earn of what it attacks, by exercise (default: none)
    spoils    exercises that may be lost as well (beside those that need what it attacks); "from_scratch" or
              "with_torch" for an attack that works while that module is imported
    module    the module in which an attack works while it is imported, and only then: each exercise is run without it,
              from its own definitions, and must earn all of its points
    status    what its exercises may be called
    words     a pattern that its feedback must match
    only      the level at which it is stopped, for one that is known to succeed at a lower one
    gap       why it is known to succeed everywhere
    searched  true for one that is slow and comes to an end: the search for its mistake may take all of its own time

An attack that looks for something or tries what it must not do calls `tell()` of `corpus/tools.py` at its end, so that
what it found can be seen in its feedback.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.lesson import class_lesson

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
ROOT = HERE.parent.parent
LESSON = "linear_regression"
COURSE = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["assignments"][LESSON]
EXERCISES: dict[str, dict[str, Any]] = COURSE["exercises"]
MODULES = tuple(COURSE["modules"])
_Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson that is attacked: its exercises as in course.toml, its modules as they are handed in when all is right,
    the files of its course (empty: those of this repository), the folder of attacks on it, what their names begin with,
    and how many honest submissions stand between them."""

    name: str
    prefix: str
    exercises: dict[str, dict[str, Any]]
    right: dict[str, str]
    files: dict[str, str]
    corpus: Path
    honest: int

    @cached_property
    def points(self) -> float:
        """All that can be earned."""
        return float(sum(each["points"] for each in self.exercises.values()))

    @cached_property
    def defined_as(self) -> dict[str, str]:
        """The exercises by the names of their functions and classes."""
        return {each.get("function", name): name for name, each in self.exercises.items()}

    def in_module(self, module: str) -> frozenset[str]:
        """The exercises in a module."""
        return frozenset(name for name, each in self.exercises.items() if each["module"] == module)


@dataclass(frozen=True)
class Attack:
    """One attack: what it hands in, what it may earn, and what may become of it."""

    lesson: Lesson = field(repr=False)
    group: str
    name: str
    what: str
    source: str
    attacks: frozenset[str]
    earns: dict[str, float] = field(default_factory=dict)
    spoils: frozenset[str] = frozenset()
    module: str = ""
    status: frozenset[str] = frozenset()
    words: str = ""
    only: str = ""
    gap: str = ""
    searched: bool = False

    @property
    def student(self) -> str:
        """The name under which it is handed in."""
        return f"{self.lesson.prefix}{self.group}-{self.name}"

    @property
    def tells(self) -> bool:
        """Does it say what it found?"""
        return "tell()" in self.source

    @property
    def untouched(self) -> frozenset[str]:
        """The exercises that it neither attacks nor breaks: they are right, and must earn all of their points."""
        return frozenset(self.lesson.exercises) - self.attacks - self.spoils

    def known_to_succeed(self, level: str) -> bool:
        """Is it written down that nothing stops it at this level?"""
        return bool(self.gap) or bool(self.only and self.only != level)


def attacks(lesson: Lesson | None = None) -> list[Attack]:
    """All on a lesson, or all on all of them, in the order of their names."""
    chosen = [lesson] if lesson else LESSONS
    return [read_attack(path, each) for each in chosen for path in sorted(each.corpus.glob("*/*.py"))]


def read_attack(path: Path, lesson: Lesson) -> Attack:
    """The attack in a file."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    what, _, declared = (ast.get_docstring(tree) or "").partition("\n\n")
    more = tomllib.loads(declared)
    names = {node.name for node in tree.body if isinstance(node, _Definition)} & lesson.defined_as.keys()
    defined = frozenset(lesson.defined_as[name] for name in names)
    spoils = more.pop("spoils", [])
    spoiled = lesson.in_module(spoils) if isinstance(spoils, str) else frozenset(spoils)
    needing = {name for name, each in lesson.exercises.items() if defined & set(each.get("needs", ()))}
    return Attack(
        lesson=lesson,
        group=path.parent.name,
        name=path.stem,
        what=" ".join(what.split()),
        source=source,
        attacks=defined,
        spoils=(spoiled | needing) - defined,
        status=frozenset(more.pop("status", [])),
        **more,
    )


def submission_of(attack: Attack, tools: str) -> dict[str, str]:
    """Its modules' texts. `tools` goes before whatever module it is in."""
    texts, exercises = dict(attack.lesson.right), attack.lesson.exercises
    touched = {attack.module} - {""} or {exercises[name]["module"] for name in attack.attacks or attack.spoils}
    for module in touched:
        texts[module] = _merged(texts[module], attack, module, tools)
    return texts


def right_source(module: str) -> str:
    """A reference solution as a learner would hand it in: without the markers."""
    text = (ROOT / "solutions" / LESSON / f"{module}.py").read_text(encoding="utf-8")
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n", "", text, flags=re.MULTILINE)


def _merged(right: str, attack: Attack, module: str, tools: str) -> str:
    nodes = ast.parse(attack.source).body
    lines = attack.source.splitlines()
    defined_as, exercises = attack.lesson.defined_as, attack.lesson.exercises
    helpers: list[str] = []
    for node in nodes:
        text = "\n".join(lines[_first(node) - 1 : node.end_lineno])
        if not (isinstance(node, _Definition) and node.name in defined_as):
            helpers.append(text)
        elif exercises[defined_as[node.name]]["module"] == module:
            right = _replaced(right, node.name, text)
    return "\n\n".join([tools, right_imports(right), *helpers[1:], without_imports(right)])


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    first: int = min([node.lineno, *(each.lineno for each in decorators)])
    return first


def _replaced(text: str, name: str, code: str) -> str:
    node = next(each for each in ast.parse(text).body if isinstance(each, _Definition) and each.name == name)
    lines = text.splitlines()
    return "\n".join([*lines[: node.lineno - 1], code, *lines[node.end_lineno :]]) + "\n"


def right_imports(text: str) -> str:
    """The lines of a module's imports."""
    return "\n".join(line for line in text.splitlines() if re.match(r"(import|from) ", line))


def without_imports(text: str) -> str:
    """A module's text without those lines."""
    return "\n".join(line for line in text.splitlines() if not re.match(r"(import|from) ", line)) + "\n"


def _functions() -> Lesson:
    right = {module: right_source(module) for module in MODULES}
    return Lesson("functions", "", EXERCISES, right, {}, CORPUS, honest=20)


def _classes() -> Lesson:
    exercises = tomllib.loads(class_lesson.COURSE)["assignments"]["objects"]["exercises"]
    right = {"objects": class_lesson.RIGHT}
    return Lesson("classes", "class-", exercises, right, class_lesson.FILES, CORPUS / "classes", honest=8)


FUNCTIONS, CLASSES = _functions(), _classes()
LESSONS = (FUNCTIONS, CLASSES)
