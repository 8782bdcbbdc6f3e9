"""Whether the tables of exercises in `course.toml` make sense: hints, points, and what an exercise needs.

What can't be meant is refused when the file is read (`grader.course.load`): blank hints, points of 0, needs in a
circle. What is found here is a problem of the audit, or a remark where an author may well mean it. A hint that holds
the solution is found with what else shows one (`grader.derived.leaks`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from grader.core.assignment import Assignment, Exercise
from grader.core.labels import joined, points
from grader.course.hints import hint_problems
from grader.reading.name_resolution import ParsedModule

# So many times the points of the median exercise, or so much less, is worth a look.
OUT_OF_PROPORTION = 8


def table_problems(assignment: Assignment, sources: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the tables. `sources` are the reference's modules."""
    yield from hint_problems(assignment)
    modules = list(assignment.modules)
    for exercise in assignment.exercises.values():
        for first, again in _alike(exercise.hints):
            yield f"{exercise.id}: hints {first} and {again} are the same; each says more than the one before it."
        for need in exercise.needs:
            behind = assignment.exercises[need].module
            if modules.index(behind) > modules.index(exercise.module):
                yield (
                    f'{exercise.id} needs {need}, whose module "{behind}" comes later, and a module can import only '
                    f"those before it. Take {need} out of its needs, or move the module."
                )
        if missing := [
            each for each in called_by(assignment, exercise, sources) if each not in _all_needs(assignment, exercise)
        ]:
            yield (
                f"{exercise.id}: the reference calls {joined(missing)}, and needs doesn't name "
                f"{'it' if len(missing) == 1 else 'them'}. Whoever goes wrong there would be told of two mistakes, not "
                f"of one: add {_listed(missing)} to needs."
            )


def table_remarks(assignment: Assignment, sources: Mapping[str, str]) -> Iterator[str]:
    """What may be meant, and is worth a look."""
    names = list(assignment.exercises)
    seen: dict[str, str] = {}
    middle = median(each.points for each in assignment.exercises.values())
    for exercise in assignment.exercises.values():
        calls = called_by(assignment, exercise, sources)
        for need in exercise.needs:
            if need not in calls:
                yield (
                    f"{exercise.id} needs {need}, and its reference doesn't call it: whoever fails both is told to fix "
                    f"{need} first. Take it out, unless learners will call it."
                )
            if names.index(need) > names.index(exercise.id):
                yield f"{exercise.id} needs {need}, which stands behind it in course.toml: learners meet it first."
        needed = {exercise.id, *_all_needs(assignment, exercise)}
        for number, hint in enumerate(exercise.hints, start=1):
            if others := [name for name in named_in(hint, assignment) if name not in needed]:
                yield (
                    f"{exercise.id}: hint {number} names {joined(others)}, which it doesn't need. Add "
                    f"{_listed(others)} to needs, if it is to be called."
                )
            other = seen.setdefault(_plain(hint), exercise.id)
            if other != exercise.id:
                yield f"{exercise.id}: hint {number} is one of {other}, too."
        most, least = max(exercise.points, middle), min(exercise.points, middle)
        if most >= OUT_OF_PROPORTION * least:
            yield (
                f"{exercise.id} is worth {points(exercise.points)} points, and the median exercise "
                f"{points(middle)}. Is that meant?"
            )


def called_by(assignment: Assignment, exercise: Exercise, sources: Mapping[str, str]) -> list[str]:
    """The other exercises whose functions the reference of one uses, itself or in helpers of its module."""
    module = ParsedModule(sources[exercise.module])
    others = [each for each in assignment.exercises.values() if each.id != exercise.id]
    beside = {each.function: each.id for each in others if each.module == exercise.module}
    found = set()
    for function in beside:
        parts = module.parts(exercise.function, beside.keys() - {function})
        found |= {beside[function] for part in parts if getattr(part, "name", "") == function}
    imported = {f"{each.module}.{each.function}": each.id for each in others}
    parts = module.parts(exercise.function, beside)
    for path in (path for part in parts for node in ast.walk(part) for path in module.paths(node)):
        found |= {id for name, id in imported.items() if path == name or path.endswith(f".{name}")}
    return [each.id for each in others if each.id in found]


def named_in(hint: str, assignment: Assignment) -> list[str]:
    """The exercises whose functions a hint names as code: called, in backticks, or by a name that is no word."""
    found = []
    for each in assignment.exercises.values():
        name = re.escape(each.function)
        is_word = re.fullmatch(r"[A-Z]?[a-z]+", each.function)
        as_code = rf"(?<![\w.]){name}\(|`{name}`" if is_word else rf"(?<![\w.]){name}\b"
        if re.search(as_code, hint):
            found.append(each.id)
    return found


def _all_needs(assignment: Assignment, exercise: Exercise) -> set[str]:
    """What it needs, and what that needs."""
    found: set[str] = set()
    waiting = list(exercise.needs)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += assignment.exercises[name].needs
    return found


def _alike(hints: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The numbers of hints that say the same."""
    first: dict[str, int] = {}
    for number, hint in enumerate(hints, start=1):
        earlier = first.setdefault(_plain(hint), number)
        if earlier != number:
            yield earlier, number


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+|[^\w\s]", text.casefold())).rstrip(" .!?")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
