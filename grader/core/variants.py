"""Variants of an assignment: which learner gets which, and texts in which a parameter stands.

An author gives each variant the same parameters, in `course.toml`:

    [assignments.X.variants]
    a = { axis = 0, reduction = "mean" }
    b = { axis = 1, reduction = "sum" }

In texts, titles and hints a parameter is written `{{axis}}`. Of each variant a course is made in which its values stand
(`grader.derived.variant_course`), and all that grades, checks and releases knows only such courses.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from grader.core.assignment import Assignment
from grader.core.errors import CourseError
from grader.core.labels import joined

# What a parameter's value may be.
Parameter = bool | int | float | str
T = TypeVar("T")
MARK = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
# Stands in the id of a misconception that is the answer to another variant, between the exercise and the variant.
OF_VARIANT = "_of_variant_"


def drawn_variant(course: str, assignment: Assignment, learner: str) -> str:
    """The name of the variant that a learner gets where nobody says otherwise: the same on every machine and every day,
    and each for about as many learners. Empty for an assignment without variants."""
    names = list(assignment.variants or ())
    if not names:
        return ""
    text = "\x1f".join((course, assignment.id, same_learner(learner)))
    drawn = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return names[drawn % len(names)]


def same_learner(name: str) -> str:
    """What all ways to write a learner's name have in common: its case, its accents' form and blanks around don't
    count, neither where a variant is drawn nor where a table says who has which."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def text_of(value: Parameter) -> str:
    """A parameter's value as it stands in a text: as Python writes it, and a text as it is."""
    return value if isinstance(value, str) else repr(value)


def parameter_words(names: Sequence[str], parameters: Mapping[str, Parameter]) -> str:
    """`variant b (axis = 1, reduction = "sum")`, `variants b and c (axis = 1)`."""
    values = (
        f"{key} = {json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)}"
        for key, value in parameters.items()
    )
    return f"variant{'s' if len(names) > 1 else ''} {joined(names)} ({', '.join(values)})"


def filled(value: T, texts: Mapping[str, str]) -> T:
    """Plain data, or a dataclass, with these texts in place of the marks in all of its texts; unknown marks stay."""
    made: Any = value
    if isinstance(value, str):
        made = MARK.sub(lambda mark: texts.get(mark[1], mark[0]), value)
    elif isinstance(value, dict):
        made = {key: filled(one, texts) for key, one in value.items()}
    elif isinstance(value, list | tuple):
        made = type(value)(filled(one, texts) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{each.name: filled(getattr(value, each.name), texts) for each in fields(value)})
    same: T = made
    return same


def of_variant(assignment: Assignment, name: str) -> Assignment:
    """The assignment as the learners of one variant know it; unchanged where it has no such variant."""
    parameters = (assignment.variants or {}).get(name)
    if parameters is None:
        return assignment
    texts = {key: text_of(value) for key, value in parameters.items()}
    return filled(replace(assignment, variants=None, variant=name), texts)


def for_all_variants(assignment: Assignment) -> Assignment:
    """The assignment in words for all its learners: in place of a mark stands what any of them has there, `0/1`."""
    every = list((assignment.variants or {}).values())
    if not every:
        return assignment
    texts = {key: "/".join(dict.fromkeys(text_of(each[key]) for each in every)) for key in every[0]}
    return filled(replace(assignment, variants=None), texts)


def refuse_variants(assignment: Assignment, what: str, instead: str) -> None:
    """For what is the same for all learners. Raises `CourseError` where the assignment has variants."""
    if assignment.variants:
        names = ", ".join(assignment.variants)
        raise CourseError(f"{assignment.id} has variants ({names}), and {what}. {instead}")
