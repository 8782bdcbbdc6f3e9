"""What is wrong with `[assignments.ID.variants]`, and with the marks in an assignment's texts that refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from grader.core.assignment import MARK, Assignment
from grader.core.errors import did_you_mean
from grader.course.validation import KeyPath, Problem, found_value, table_name

_FOR_LEARNERS = ("title", "hints")  # of an exercise: where a mark may stand
_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "a text"}


def variant_problems(assignment: Assignment) -> Iterator[Problem]:
    """Variants that don't give the same parameters, and marks that name none of them."""
    path: KeyPath = ("assignments", assignment.id, "variants")
    variants = assignment.variants
    if variants is None:
        return
    if assignment.variant is not None:
        above = ("assignments", assignment.id, "variant")
        yield Problem(
            above, f'"variant" in {table_name(above[:2])} is written by `release`, where "variants" isn\'t any more.'
        )
    if len(variants) < 2:
        yield Problem(path, f"{table_name(path)} must hold two variants or more, found {len(variants) or 'none'}.")
        return
    (first, wanted), *others = variants.items()
    if not wanted:
        yield Problem((*path, first), f"{table_name((*path, first))} has no parameter, such as axis = 0.")
    for name, parameters in variants.items():
        yield from _unfit_values((*path, name), parameters, wanted, table_name((*path, first)))
    for name, parameters in others:
        yield from _unlike((*path, name), parameters, wanted, table_name((*path, first)))
    seen: list[tuple[str, Any]] = []
    for name, parameters in variants.items():
        same = next((other for other, known in seen if known == parameters), None)
        if same is not None:
            yield Problem(
                (*path, name), f"{table_name((*path, name))} is the same as {table_name((*path, same))}: they are one."
            )
        seen.append((name, parameters))
    yield from _unknown_marks(assignment, list(wanted))


def _unfit_values(
    path: KeyPath, parameters: Mapping[str, Any], wanted: Mapping[str, Any], first: str
) -> Iterator[Problem]:
    for key, value in parameters.items():
        kind, expected = _KINDS.get(type(value)), _KINDS.get(type(wanted.get(key)))
        if kind is None:
            what = "a number, a text, or true or false"
        elif expected is not None and kind != expected:
            what = f"{expected}, as in {first}"
        else:
            continue
        yield Problem((*path, key), f'"{key}" in {table_name(path)} must be {what}, found {found_value(value)}.')


def _unlike(path: KeyPath, parameters: Mapping[str, Any], wanted: Mapping[str, Any], first: str) -> Iterator[Problem]:
    why = "each variant gives the same parameters."
    for key in parameters:
        if key not in wanted:
            hint = did_you_mean(key, list(wanted))
            yield Problem((*path, key), f'{table_name(path)} has "{key}", and {first} has not: {why}{hint}')
    for key in wanted:
        if key not in parameters:
            yield Problem(path, f'{table_name(path)} has no "{key}", and {first} has: {why}')


def _unknown_marks(assignment: Assignment, known: list[str]) -> Iterator[Problem]:
    for path, text in _texts(asdict(assignment), ("assignments", assignment.id)):
        if path[2] in ("variants", "id"):
            continue
        is_for_learners = path[2] == "exercises" and path[4] in _FOR_LEARNERS
        keys = [key for key in path if not isinstance(key, int)]
        where = f'"{keys[-1]}" in {table_name(tuple(keys[:-1]))}'
        for mark in MARK.finditer(text):
            if not is_for_learners:
                yield Problem(path, f"{where} is the same for all variants, so no {mark[0]} can stand there.")
            elif mark[1] not in known:
                listed, hint = ", ".join(known), did_you_mean(mark[1], known)
                yield Problem(
                    path, f"{where} has {mark[0]}, and the variants have {listed} and no such parameter.{hint}"
                )


def _texts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, (*path, key))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _texts(one, (*path, number))
