"""Attacks as they are declared: one small file each, told apart by folder.

An attack is Python as a learner would hand it in. Functions named like the lesson's exercises take their place in an
otherwise right submission; whatever else is in the file goes before it, into the same module. Its docstring begins with
a sentence that says what it does. More can be declared below, as TOML:

    earns     points that it may earn of what it attacks, by exercise (default: none)
    spoils    exercises that may be lost as well (beside those that need what it attacks); "from_scratch" or
              "with_torch" for an attack that works while that module is imported
    module    the module in which an attack works while it is imported, and only then: each exercise is run without it,
              from its own definitions, and must earn all of its points
    status    what its exercises may be called
    words     a pattern that its feedback must match
    only      the level at which it is stopped, for one that is known to succeed at a lower one
    gap       why it is known to succeed everywhere

An attack that looks for something or tries what it must not do calls `tell()` of `corpus/tools.py` at its end, so that
what it found can be seen in its feedback.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
ROOT = HERE.parent.parent
LESSON = "linear_regression"
COURSE = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["assignments"][LESSON]
EXERCISES: dict[str, dict[str, Any]] = COURSE["exercises"]
MODULES = tuple(COURSE["modules"])


@dataclass(frozen=True)
class Attack:
    """One attack: what it hands in, what it may earn, and what may become of it."""

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

    @property
    def student(self) -> str:
        """The name under which it is handed in."""
        return f"{self.group}-{self.name}"

    @property
    def tells(self) -> bool:
        """Does it say what it found?"""
        return "tell()" in self.source

    @property
    def untouched(self) -> frozenset[str]:
        """The exercises that it neither attacks nor breaks: they are right, and must earn all of their points."""
        return frozenset(EXERCISES) - self.attacks - self.spoils

    def known_to_succeed(self, level: str) -> bool:
        """Is it written down that nothing stops it at this level?"""
        return bool(self.gap) or bool(self.only and self.only != level)


def attacks() -> list[Attack]:
    """All of them, in the order of their names."""
    return [read_attack(path) for path in sorted(CORPUS.glob("*/*.py"))]


def read_attack(path: Path) -> Attack:
    """The attack in a file."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    what, _, declared = (ast.get_docstring(tree) or "").partition("\n\n")
    more = tomllib.loads(declared)
    defined = frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef)) & set(EXERCISES)
    spoils = _exercises(more.pop("spoils", []))
    needing = {name for name, each in EXERCISES.items() if defined & set(each.get("needs", ()))}
    return Attack(
        group=path.parent.name,
        name=path.stem,
        what=" ".join(what.split()),
        source=source,
        attacks=defined,
        spoils=(spoils | needing) - defined,
        status=frozenset(more.pop("status", [])),
        **more,
    )


def _exercises(named: list[str] | str) -> frozenset[str]:
    if isinstance(named, str):
        return frozenset(name for name, each in EXERCISES.items() if each["module"] == named)
    return frozenset(named)


def submission_of(attack: Attack, tools: str) -> dict[str, str]:
    """Its modules' texts. `tools` goes before whatever module it is in."""
    texts = {module: right_source(module) for module in MODULES}
    touched = {attack.module} - {""} or {EXERCISES[name]["module"] for name in attack.attacks or attack.spoils}
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
    helpers: list[str] = []
    for node in nodes:
        text = "\n".join(lines[_first(node) - 1 : node.end_lineno])
        if not (isinstance(node, ast.FunctionDef) and node.name in EXERCISES):
            helpers.append(text)
        elif EXERCISES[node.name]["module"] == module:
            right = _replaced(right, node.name, text)
    return "\n\n".join([tools, right_imports(right), *helpers[1:], without_imports(right)])


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    first: int = min([node.lineno, *(each.lineno for each in decorators)])
    return first


def _replaced(text: str, name: str, code: str) -> str:
    node = next(each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef) and each.name == name)
    lines = text.splitlines()
    return "\n".join([*lines[: node.lineno - 1], code, *lines[node.end_lineno :]]) + "\n"


def right_imports(text: str) -> str:
    """The lines of a module's imports."""
    return "\n".join(line for line in text.splitlines() if re.match(r"(import|from) ", line))


def without_imports(text: str) -> str:
    """A module's text without those lines."""
    return "\n".join(line for line in text.splitlines() if not re.match(r"(import|from) ", line)) + "\n"
