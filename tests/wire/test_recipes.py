"""Recipes: objects of learners' classes with their steps cross the wire as they are, to the worker and never back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.protocol.encoding import decode_answer, decode_request, encode_answer, encode_request
from grader.sandbox.protocol.frames import Frame, FrameReader, MalformedFrame, pack
from grader.sandbox.protocol.messages import Backward, Call, Raised, Reply
from grader.sandbox.protocol.plain import (
    Array,
    Build,
    Lookup,
    Opaque,
    Parameters,
    Step,
    is_of_learners,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=9)
ARRAYS = st.builds(
    lambda numbers, requires: Array("tensor", "uint8" if not requires else "float32", (len(numbers),), b"".join(
        bytes([each]) if not requires else bytes([each, 0, 0, 0]) for each in numbers
    ), requires),
    st.lists(st.integers(0, 255), max_size=4),
    st.booleans(),
)  # fmt: skip
PATHS = st.sampled_from(["torch.nn.Linear", "torch.optim.SGD", "lesson:Net", "net:\ud800", ":", ""])
NAMES = st.text(max_size=9)


def _recipes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, max_size=2).map(tuple)
    named = st.dictionaries(NAMES, inner, max_size=2)
    steps = st.lists(st.builds(Step, NAMES, some, st.lists(inner, max_size=1).map(tuple)), max_size=3).map(tuple)
    build = st.builds(Build, PATHS, some, named, named, steps)
    return build | st.builds(Parameters, build) | st.lists(inner, max_size=2) | some


VALUES = st.recursive(SCALARS | ARRAYS | st.builds(Lookup, NAMES), _recipes, max_leaves=12)


def through(frame: Frame) -> Frame:
    reader = FrameReader()
    reader.data += pack(frame)
    got = reader.next()
    assert got is not None
    return got


@given(st.lists(VALUES, max_size=3).map(tuple))
def test_recipes_with_steps_come_out_as_they_went_in(args: tuple[Any, ...]) -> None:
    call = Call("lesson", "Net.forward", args, Backward(1.0), 7)
    got = decode_request(through(encode_request(call)))
    assert repr(got) == repr(call)


@given(VALUES, NAMES)
def test_an_object_in_its_own_steps_and_in_parameters_is_one_object(value: Any, method: str) -> None:
    inner = Build("lesson:Net", (value,), steps=(Step(method, (value, 1), (value,)),))
    outer = Build("lesson:Pair", (inner, [inner]), steps=(Step(method, (inner, Parameters(inner))),))
    got = decode_request(through(encode_request(Call("lesson", "f", (outer, inner, Parameters(inner))))))
    assert isinstance(got, Call)
    first, second, third = got.args
    (step,) = first.steps
    assert {
        id(each) for each in (first.args[0], first.args[1][0], step.args[0], step.args[1].module, third.module)
    } == {id(second)}


@given(VALUES)
def test_whether_a_learner_s_object_takes_part_survives_the_wire(value: Any) -> None:
    got = decode_request(through(encode_request(Call("lesson", "f", (value,)))))
    assert isinstance(got, Call)
    assert is_of_learners(got.args) == is_of_learners(value)


def recipes_in(value: Any) -> list[Any]:
    """All recipes in a plain value."""
    if isinstance(value, list | tuple):
        return [found for each in value for found in recipes_in(each)]
    if isinstance(value, dict):
        return recipes_in([*value.keys(), *value.values()])
    return [value] if isinstance(value, Build | Lookup | Parameters | Step) else []


@given(VALUES, st.integers(0, 3), SCALARS)
def test_a_frame_from_a_learner_s_process_never_yields_a_recipe(value: Any, place: int, other: Any) -> None:
    replies = (Reply(value), Reply(other, (value,)), Reply(other, (other,), ((other, value),)), Reply([{"a": value}]))
    frame = encode_answer(replies[place])
    if recipes_in(value):
        with pytest.raises(MalformedFrame):
            decode_answer(through(frame))
    else:
        assert isinstance(decode_answer(through(frame)), Reply)


TAGS = st.sampled_from(["build", "lookup", "parameters", "again", "step", "list", "tuple", "dict", "opaque", "tensor"])
JSON = st.recursive(
    SCALARS | st.builds(lambda tag: [tag], TAGS),
    lambda inner: st.builds(lambda tag, rest: [tag, *rest], TAGS, st.lists(inner, max_size=7)),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
def test_whatever_a_learner_s_process_sends_holds_no_recipe(value: Any, after: Any, item: Any) -> None:
    frame = Frame({"reply": [value, [after], [[item]], []]}, [bytes(4), b""])
    try:
        got = decode_answer(frame)
    except MalformedFrame:
        return
    assert isinstance(got, Reply)
    assert recipes_in([got.value, got.after, got.items]) == []


@given(st.lists(JSON, min_size=4, max_size=4))
def test_no_exception_from_a_learner_s_process_holds_a_recipe(parts: list[Any]) -> None:
    try:
        got = decode_answer(Frame({"raised": parts}, []))
    except MalformedFrame:
        return
    assert isinstance(got, Raised)
    assert all(type(each) is str for each in (got.stage, got.type_name, got.message))


def test_what_stands_for_something_else_is_no_recipe() -> None:
    assert not is_of_learners([Opaque("lesson:Net"), {"lesson:Net": "lesson:Net"}, Lookup("lesson:Net")])
    assert is_of_learners(({"a": [Parameters(Build("torch.nn.Sequential", (Build("lesson:Net"),)))]},))
    assert is_of_learners(Build("torch.nn.Linear", steps=(Step("apply", (Build("lesson:Net"),)),)))
