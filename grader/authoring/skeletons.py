"""`grader init` and `grader new`: a course, a lesson or an exercise that works at once, to be filled in."""

from __future__ import annotations

import keyword
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from grader import __version__
from grader.authoring.kit_source import kit_source
from grader.authoring.learner_archive import LOWEST, whole_course_ini
from grader.core.assignment import FILE_NAME, NAME_PATTERN, Assignment
from grader.core.errors import ReleaseError
from grader.core.files import read_if_there, replace_file
from grader.course.module_source import syntax_tree
from grader.course.templates import template
from grader.course.validation import quoted
from grader.derived.derived_files import LESSON


def skeleton(name: str, /, **values: str) -> str:
    """A template filled in: `skeleton("lesson/hidden.py", exercise="double", …)`."""
    return template("grader.authoring", f"{name}.j2", quoted=quoted).render(values)


# Each file of a new course, and its template.
_FILES = {
    "course.toml": "course/course.toml",
    "exercises/conftest.py": "course/conftest.py",
    "exercises/pytest.ini": "course/pytest.ini",
    "exercises/README.md": "course/exercises.md",
    "solutions/README.md": "course/solutions.md",
    "requirements.txt": "course/requirements.txt",
    "Makefile": "course/Makefile",
    ".github/workflows/course.yml": "course/workflow.yml",
    ".gitignore": "course/gitignore",
    "README.md": "course/README.md",
}
# What may be there already: a repository that was just made, and what an editor or a system leaves.
_NO_COURSE = {".git", ".idea", ".vscode", ".venv", ".DS_Store"}
_MOST_NAMED = 5


def make_course(folder: Path, name: str | None = None, kit: str | None = None) -> tuple[list[str], str]:
    """Write a course without lessons into an empty folder; the paths of its files, and what to tell about the kit.

    `name` is the course's name, as people read it, made of the folder's unless it is given; `kit` is where to take the
    kit from, see `kit_source`. Raises ReleaseError when something else is there, or a file can't be written.
    """
    _refuse_what_is_there(folder)
    source = kit_source(kit, folder)
    own = folder.resolve().name
    values = {
        "id": re.sub(r"[^A-Za-z0-9._-]+", "-", own).strip("-._") or "course",
        "name": (name or "").strip() or re.sub(r"[-_.]+", " ", own).strip().capitalize() or "A course",
        "kit": source.requirement,
        "series": ".".join(__version__.split(".")[:2]),
        "python": LOWEST,
    }
    texts = {file: skeleton(template, **values).encode() for file, template in _FILES.items()}
    texts["pytest.ini"] = whole_course_ini(texts["exercises/pytest.ini"])
    for file, text in texts.items():
        replace_file(folder / file, text)
    return list(texts), source.remark


def _refuse_what_is_there(folder: Path) -> None:
    try:
        there = sorted(path.name for path in folder.iterdir() if path.name not in _NO_COURSE)
    except OSError as error:
        raise ReleaseError(f'"{folder}": {error.strerror or error}.') from None
    if there:
        more = f" and {len(there) - _MOST_NAMED} more" if len(there) > _MOST_NAMED else ""
        raise ReleaseError(
            f"A course begins in an empty folder, and these are in the way: {', '.join(there[:_MOST_NAMED])}{more}. "
            "Make a new folder, or move them away."
        )


_HEADING = "lesson/lesson.md"


@dataclass(frozen=True)
class NewFiles:
    """What was begun: the exercise, where it is, and the files that were written, by path from the course's root."""

    lesson: str
    module: str
    exercise: str
    written: tuple[str, ...]


def new_lesson(root: Path, lesson: str, module: str | None = None, exercise: str = "double") -> NewFiles:
    """Begin a lesson with one module and one exercise. Raises ReleaseError, and writes nothing, when it can't be."""
    module = module or lesson
    _must_be_names(lesson, module, exercise)
    tables = _tables(root)
    there = [f"[assignments.{lesson}] in {FILE_NAME}"] if lesson in tables.get("assignments", {}) else []
    there += [folder for folder in (f"solutions/{lesson}", f"exercises/{lesson}") if (root / folder).exists()]
    if there:
        raise ReleaseError(f'There is a lesson "{lesson}" already: {" and ".join(there)}. Choose another name.')
    draft = _Draft(root, lesson, module, exercise)
    draft.add(FILE_NAME, "lesson/course.toml", title=default_title(lesson))
    draft.add(f"exercises/{lesson}/{LESSON}", _HEADING, title=default_title(lesson))
    draft.add_module()
    draft.add_exercise()
    return draft.write()


def new_exercise(
    root: Path, assignment: Assignment, exercise: str, module: str | None = None, class_name: str | None = None
) -> NewFiles:
    """Begin an exercise at the end of a lesson, in its last module unless another, or a new one, is named: a function,
    or a class of this name.

    Raises ReleaseError when it can't be, and writes nothing then.
    """
    module = module or list(assignment.modules)[-1]
    _must_be_names(assignment.id, module, exercise, *([class_name] if class_name else []))
    if exercise in assignment.exercises:
        raise ReleaseError(f'The lesson "{assignment.id}" has an exercise "{exercise}" already. Choose another name.')
    if alike := next((each for each in assignment.exercises if each.lower() == exercise.lower()), ""):
        raise ReleaseError(
            f'The lesson "{assignment.id}" has an exercise "{alike}", and on many systems files that differ in upper '
            f'and lower case are one. Choose another name than "{exercise}".'
        )
    draft = _Draft(root, assignment.id, module, exercise, class_name)
    if module not in assignment.modules:
        draft.add_module()
    draft.add_exercise()
    return draft.write()


class _Parts(NamedTuple):
    """The templates of an exercise: how their names begin, that of the definition, the mistakes, the right answer."""

    prefix: str
    definition: str
    mistakes: tuple[str, ...]
    right: str


OF_FUNCTION = _Parts("", "function", ("unchanged", "squared", "in_place"), "product")
OF_CLASS = _Parts("class_", "class", ("not_doubled", "in_a_list", "in_place"), "with_parameters")


def template_values(lesson: str, module: str, exercise: str, function: str) -> dict[str, str]:
    """What stands in the templates of an exercise."""
    anchor = _anchor(exercise)
    return {"lesson": lesson, "module": module, "exercise": exercise, "anchor": anchor, "function": function}


class _Draft:
    """The texts of what is begun, before any of them is written."""

    def __init__(self, root: Path, lesson: str, module: str, exercise: str, class_name: str | None = None) -> None:
        self._root = root
        self._names = template_values(lesson, module, exercise, class_name or exercise)
        self._parts = OF_CLASS if class_name else OF_FUNCTION
        self._texts: dict[str, str] = {}
        self._solution = f"solutions/{lesson}/{module}.py"

    def add(self, file: str, template: str, **values: str) -> None:
        """Add a template to the end of a file."""
        text = skeleton(template, **self._names, **values)
        before = self._text(file)
        self._texts[file] = f"{before.rstrip()}\n{text}" if before else text.lstrip("\n")

    def add_module(self) -> None:
        """A module without exercises."""
        title = default_title(self._names["module"])
        self.add(FILE_NAME, "lesson/module.toml", title=title)
        if not self._text(self._solution):
            self.add(self._solution, "lesson/module.py", title=title)

    def add_exercise(self) -> None:
        """The exercise in its module, with checks, bank and text."""
        lesson, exercise = self._names["lesson"], self._names["exercise"]
        solutions = f"solutions/{lesson}"
        function, parts = self._names["function"], self._parts
        if re.search(rf"^(?:def|class) {function}\b", self._text(self._solution), re.MULTILINE):
            raise ReleaseError(f'{self._solution} defines "{function}" already. Choose another name.')
        self.add(FILE_NAME, f"lesson/{parts.prefix}exercise.toml", title=default_title(exercise))
        self.add(self._solution, f"lesson/{parts.definition}.py")
        self._add_new(f"{solutions}/hidden/test_{exercise}.py", f"lesson/{parts.prefix}hidden.py")
        self._add_new(f"exercises/{lesson}/checks/test_{exercise}.py", f"lesson/{parts.prefix}visible.py")
        for mistake in parts.mistakes:
            file = f"{solutions}/mistakes/{exercise}/{exercise}_{mistake}.py"
            self._add_new(file, f"lesson/{parts.prefix}mistake_{mistake}.py")
        self._add_new(f"{solutions}/right/{exercise}/{parts.right}.py", f"lesson/{parts.prefix}right.py")
        text = f"exercises/{lesson}/{LESSON}"
        if self._text(text):  # a lesson may have none
            self.add(text, "lesson/part.md", title=default_title(exercise))

    def write(self) -> NewFiles:
        """Write them; `course.toml`, which makes them count, last."""
        self._see_that_they_fit()
        files = sorted(self._texts, key=lambda file: (file == FILE_NAME, file))
        for file in files:
            replace_file(self._root / file, self._texts[file].encode())
        return NewFiles(self._names["lesson"], self._names["module"], self._names["exercise"], tuple(files))

    def _add_new(self, file: str, template: str) -> None:
        if (self._root / file).exists():
            raise ReleaseError(f"{file} is there already. Move it away, or choose another name.")
        self.add(file, template)

    def _text(self, file: str) -> str:
        return self._texts.get(file) or (read_if_there(self._root / file) or b"").decode("utf-8-sig", "replace")

    def _see_that_they_fit(self) -> None:
        try:
            tomllib.loads(self._texts[FILE_NAME])
        except ValueError as error:
            raise ReleaseError(
                f"{FILE_NAME} has no place for another table at its end ({error}). Write its tables out, as "
                f"[assignments.{self._names['lesson']}.modules.NAME], and try again."
            ) from None
        try:
            syntax_tree(self._texts[self._solution])
        except (SyntaxError, ValueError) as error:
            raise ReleaseError(f"{self._solution} is not valid Python ({error}).") from None


def _tables(root: Path) -> dict[str, Any]:
    """`course.toml`, read; the file may have no lesson yet."""
    text = read_if_there(root / FILE_NAME)
    if text is None:
        raise ReleaseError(f'There is no {FILE_NAME} in "{root}". "grader init" begins a course in an empty folder.')
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        raise ReleaseError(f"{FILE_NAME} is not valid TOML ({error}). Put that right first.") from None


def _must_be_names(*names: str) -> None:
    """They are names of folders, modules and functions in Python."""
    for name in names:
        if not re.fullmatch(NAME_PATTERN, name) or keyword.iskeyword(name):
            raise ReleaseError(
                f'"{name}" can\'t be a name here: expected letters, digits and underscores, and no keyword of Python.'
                f"{_could_be(name)}"
            )


def _could_be(name: str) -> str:
    """The name that was probably meant, as a question; empty where there is none."""
    near = re.sub(r"[\s.-]+", "_", name.strip())
    fits = "/" not in name and re.fullmatch(NAME_PATTERN, near) and not keyword.iskeyword(near)
    return f' Did you mean "{near}"?' if fits else ""


def default_title(name: str) -> str:
    """The title that a lesson, a module or an exercise has at first."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:] or name


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "exercise"
