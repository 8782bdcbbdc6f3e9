"""What of an exercise is still as `grader new` wrote it, and so about doubling numbers."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.skeletons import OF_CLASS, OF_FUNCTION, default_title, skeleton, template_values
from grader.core.assignment import Assignment, Exercise
from grader.core.files import read_if_there
from grader.derived.derived_files import LESSON
from grader.grading.bank import MISTAKES, RIGHT, Bank


@dataclass(frozen=True)
class Leftovers:
    """`reference`: the solution itself is the template's, and then the rest belongs to it. Otherwise `files` are checks
    and bank entries, by path from the course's root, and `words` what else is left."""

    reference: bool = False
    files: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def without(self, bank: Bank, exercise: Exercise, root: Path) -> Bank:
        """The bank without entries that are the template's."""

        def is_left(path: Path) -> bool:
            return path.relative_to(root).as_posix() in self.files

        mistakes = [each for each in bank.mistakes.get(exercise.id, ()) if not is_left(each.ways[0].path)]
        right = [each for each in bank.right.get(exercise.id, ()) if not is_left(each.path)]
        return Bank({**bank.mistakes, exercise.id: tuple(mistakes)}, {**bank.right, exercise.id: tuple(right)})

    def to_say(self) -> Iterator[str]:
        """What the author has to see to."""
        if self.reference:
            yield "The reference solution is still the one that `grader new` wrote, which doubles numbers: write yours."
        if self.words:
            yield f"Still as `grader new` wrote it: {'; '.join(self.words)}."
        if bank := sorted(file for file in self.files if "/hidden/" not in file and "/checks/" not in file):
            yield f"These are about doubling numbers, and are left aside here. Delete them: rm {' '.join(bank)}"


def leftovers_of(root: Path, assignment: Assignment, exercise: Exercise) -> Leftovers:
    """Compare an exercise with the templates of a function and of a class."""
    values = template_values(assignment.id, exercise.module, exercise.id, exercise.function)
    lesson, solutions = assignment.id, f"solutions/{assignment.id}"
    files: set[str] = set()
    words: list[str] = []
    own = _definition(_text(root / f"{solutions}/{exercise.module}.py"), exercise.function)
    for parts in (OF_FUNCTION, OF_CLASS):
        theirs = _definition(skeleton(f"lesson/{parts.definition}.py", **values), exercise.function)
        if own and theirs and ast.dump(own) == ast.dump(theirs):
            return Leftovers(reference=True)
        candidates = {
            f"{solutions}/hidden/test_{exercise.id}.py": "hidden.py",
            f"exercises/{lesson}/checks/test_{exercise.id}.py": "visible.py",
            f"{solutions}/{RIGHT}/{exercise.id}/{parts.right}.py": "right.py",
        }
        for name in parts.mistakes:
            candidates[f"{solutions}/{MISTAKES}/{exercise.id}/{exercise.id}_{name}.py"] = f"mistake_{name}.py"
        for file, of_template in candidates.items():
            written = skeleton(f"lesson/{parts.prefix}{of_template}", **values)
            if _text(root / file).strip() == written.strip():
                files.add(file)
        title = default_title(exercise.id)
        (table,) = tomllib.loads(skeleton(f"lesson/{parts.prefix}exercise.toml", **values, title=title))["assignments"][
            lesson
        ]["exercises"].values()
        if list(exercise.hints) == table["hints"]:
            words.append("the hints in course.toml, and so perhaps its title and points")
        if own and theirs and ast.get_docstring(own) == ast.get_docstring(theirs):
            words.append("the docstring of the reference solution")
    part = skeleton("lesson/part.md", **values, title=default_title(exercise.id))
    if part.strip() in _text(root / f"exercises/{lesson}/{LESSON}"):
        words.append(f"its part of exercises/{lesson}/{LESSON}")
    return Leftovers(files=frozenset(files), words=tuple(dict.fromkeys(words)))


def _text(path: Path) -> str:
    return (read_if_there(path) or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _definition(text: str, name: str) -> ast.FunctionDef | ast.ClassDef | None:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    found = [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]
    return found[-1] if found else None
