"""What may stand in `course.toml`, for pydantic to check: models made field by field of the course's own classes."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from grader.core.assignment import DERIVED, Allowed, Assignment, CourseInfo, Name

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class CourseFile:
    """`course.toml` as it is written: `[course]` beside `[assignments]`."""

    course: CourseInfo
    assignments: Annotated[dict[Name, Assignment], Allowed(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


@cache
def model_of(kind: type) -> type[BaseModel]:
    """The model of the tables that a dataclass stands for: no key besides its fields, each of its type and as allowed.
    Times have a zone."""
    hints = get_type_hints(kind, include_extras=True)
    keys: dict[str, Any] = {
        each.name: (_checked(hints[each.name]), ... if each.default is MISSING else each.default)
        for each in fields(kind)
        if each.metadata != DERIVED
    }
    return create_model(kind.__name__, __base__=_Table, **keys)


def checked(kind: type[T], table: dict[str, Any]) -> T:
    """The dataclass that a table stands for. Raises pydantic's `ValidationError`, with all that is wrong in it."""
    made: T = _built(kind, model_of(kind).model_validate(table))  # type: ignore[arg-type]
    return made


def _checked(annotation: Any) -> Any:
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return model_of(annotation)
    if annotation is datetime:
        return AwareDatetime
    if origin is Annotated:
        rules = [Field(**{name: rule for name, rule in asdict(one).items() if rule is not None}) for one in parts[1:]]
        return Annotated[(_checked(parts[0]), *rules)]
    if origin in (Union, UnionType):
        return Union[tuple(_checked(part) for part in parts)]  # noqa: UP007
    if origin in (dict, tuple):
        return origin[tuple(_checked(part) for part in parts)]
    return annotation


def _built(annotation: Any, value: Any) -> Any:
    if get_origin(annotation) in (Annotated, Union, UnionType):  # of a union the first: TOML has no None
        return _built(get_args(annotation)[0], value)
    if isinstance(value, BaseModel):
        hints = get_type_hints(annotation, include_extras=True)
        return annotation(**{name: _built(hints[name], getattr(value, name)) for name in type(value).model_fields})
    if isinstance(value, dict) and get_args(annotation):  # else it may be anything, and is told of elsewhere
        return {key: _built(get_args(annotation)[1], one) for key, one in value.items()}
    return value
