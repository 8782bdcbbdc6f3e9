"""Names in `course.toml` that refer to one another: modules, needs, functions."""

from __future__ import annotations

from collections.abc import Iterator

from grader.course.model import Assignment
from grader.course.places import KeyPath, table_name
from grader.course.words import Problem
from grader.errors import did_you_mean


def name_problems(assignment: Assignment) -> Iterator[Problem]:
    """Unknown modules and needs, functions written twice in a module, and needs that go in a circle."""
    yield from _unknown_names(assignment)
    yield from _doubled_functions(assignment)
    yield from _circle(assignment)


def _unknown_names(assignment: Assignment) -> Iterator[Problem]:
    for exercise in assignment.exercises.values():
        table = _table(assignment, exercise.id)
        if exercise.module not in assignment.modules:
            wrong = _no_such("a module", exercise.module, list(assignment.modules))
            yield Problem((*table, "module"), f'"module" in {table_name(table)} must be {wrong}')
        for need in exercise.needs:
            if need == exercise.id:
                yield Problem((*table, "needs"), f'"needs" in {table_name(table)} names the exercise itself.')
            elif need not in assignment.exercises:
                wrong = _no_such(
                    "another exercise", need, [name for name in assignment.exercises if name != exercise.id]
                )
                yield Problem((*table, "needs"), f'each item of "needs" in {table_name(table)} must be {wrong}')


def _no_such(kind: str, word: str, known: list[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in known) or "there is none"
    return f'the name of {kind} ({listed}), found "{word}".{did_you_mean(word, known)}'


def _doubled_functions(assignment: Assignment) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for exercise in assignment.exercises.values():
        earlier = first.setdefault((exercise.module, exercise.function), exercise.id)
        if earlier != exercise.id:
            table = _table(assignment, exercise.id)
            yield Problem(
                (*table, "function"),
                f'{table_name(table)} is the function "{exercise.function}" of the module "{exercise.module}", '
                f'which is the exercise "{earlier}" already.',
            )


def _circle(assignment: Assignment) -> Iterator[Problem]:
    settled: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str] | None:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in settled or name not in assignment.exercises:
            return None
        for need in assignment.exercises[name].needs:
            if need != name and (found := walk(need, [*trail, name])):
                return found
        settled.add(name)
        return None

    for name in assignment.exercises:
        if circle := walk(name, []):
            table = table_name(("assignments", assignment.id, "exercises"))
            yield Problem(
                (*_table(assignment, circle[0]), "needs"),
                f"the needs of exercises in {table} go in a circle: {' → '.join(circle)}.",
            )
            return


def _table(assignment: Assignment, exercise: str) -> KeyPath:
    return ("assignments", assignment.id, "exercises", exercise)
