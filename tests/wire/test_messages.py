"""Messages: calls and answers survive the wire, and an answer that isn't exactly one is malformed."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.protocol.encoding import (
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
)
from grader.sandbox.protocol.frames import Frame, FrameReader, MalformedFrame, pack
from grader.sandbox.protocol.messages import Backward, Begin, Call, CodeLine, Import, Iterate, Raised, Reply
from grader.sandbox.protocol.plain import MAX_NODES, Array, Build, Lookup, Opaque, Parameters

TENSOR = Array("tensor", "float32", (1, 2), bytes(8), True, Array("tensor", "float32", (1, 2), bytes(8)), True, "cpu")
OTHERS = st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
SCALARS = OTHERS | st.integers(-(2**63), 2**63)
KEYS = st.text(max_size=200)
VALUES = st.recursive(
    SCALARS | st.builds(Opaque, st.text(max_size=9), st.text(max_size=9)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


def through(frame: Frame) -> Frame:
    reader = FrameReader()
    reader.data += pack(frame)
    got = reader.next()
    assert got is not None
    return got


@given(VALUES)
def test_an_answer_comes_out_as_it_went_in(value: Any) -> None:
    got = decode_answer(through(encode_answer(Reply(value, (value,), ((value,),), ("seen",)))))
    # repr: NaN is not equal to itself
    assert repr(got) == repr(Reply(value, (value,), ((value,),), ("seen",)))


def test_an_array_keeps_its_bytes_flags_and_gradient() -> None:
    got = decode_answer(through(encode_answer(Reply(TENSOR))))
    assert isinstance(got, Reply)
    array = got.value
    assert (array.kind, array.dtype, array.shape, array.data, array.requires_grad) == (
        "tensor",
        "float32",
        (1, 2),
        bytes(8),
        True,
    )
    assert array.grad.data == bytes(8)


def test_an_exception_keeps_its_places() -> None:
    raised = Raised("call", "ValueError", "no", (CodeLine("from_scratch", 3, "mse"),))
    assert decode_answer(through(encode_answer(raised))) == raised


def test_requests_come_out_as_they_went_in() -> None:
    assert decode_request(through(encode_request(Begin({"a": "x = '\ud800'"}, "cuda")))) == Begin(
        {"a": "x = '\ud800'"}, "cuda"
    )
    assert decode_request(through(encode_request(Import("a")))) == Import("a")
    call = Call("a", "f", (1, [2.5], "x"), Iterate(2, 5), 7, ("torch.nn.Linear",), True)
    assert decode_request(through(encode_request(call))) == call


def test_a_recipe_that_occurs_twice_is_one_recipe_on_the_other_side() -> None:
    model = Build("torch.nn.Linear", (2, 1), state={"bias": TENSOR})
    call = Call("a", "fit", (model, Build("torch.optim.SGD", (Parameters(model),), {"lr": 0.1}), Lookup("torch.relu")))
    got = decode_request(through(encode_request(call)))
    assert isinstance(got, Call)
    first, second, third = got.args
    assert second.args[0].module is first
    assert first.state["bias"].shape == (1, 2)
    assert third == Lookup("torch.relu") or third.path == "torch.relu"


def test_what_has_no_plain_form_does_not_cross() -> None:
    with pytest.raises(TypeError, match="can't cross"):
        encode_request(Call("a", "f", (object(),)))


def test_the_gradient_to_send_backward_crosses_with_the_call() -> None:
    got = decode_request(through(encode_request(Call("a", "f", (), Backward(TENSOR)))))
    assert isinstance(got, Call)
    assert isinstance(got.then, Backward)
    assert got.then.upstream.shape == (1, 2)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "recipe", [["build", 0, "os.system", ["true"], [], []], ["lookup", "torch"], ["again", 0], ["parameters", 1]]
)
def test_a_learner_can_not_send_a_recipe(recipe: list[Any]) -> None:
    with pytest.raises(MalformedFrame):
        decode_answer(Frame({"reply": [recipe, [], [], []]}, []))


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        [],
        [1],
        ["what", 1],
        ["dict", [1]],
        ["dict", [["list"], 1]],
        ["opaque", 1, 2],
        ["bytes"],
        ["bytes", 5],
        ["bytes", True],
        ["bytes", "0"],
        ["bytes", 0, 0],
        ["list", ["bytes", 0], ["bytes", 0]],
        ["tensor", "float32", [1, 2], 0, False, None, True],
        ["tensor", "object", [1, 2], 0, False, None, True, "cpu"],
        ["tensor", "float32", [1, 3], 0, False, None, True, "cpu"],
        ["tensor", "float32", [-1, -2], 0, False, None, True, "cpu"],
        ["tensor", "float32", [1.0, 2], 0, False, None, True, "cpu"],
        ["tensor", "float32", [1] * 20 + [2], 0, False, None, True, "cpu"],
        ["tensor", "float32", [1, 2], 5, False, None, True, "cpu"],
        ["tensor", "float32", [1, 2], True, False, None, True, "cpu"],
        ["tensor", "float32", [1, 2], 0, 1, None, True, "cpu"],
        ["tensor", "float32", [1, 2], 0, False, "grad", True, "cpu"],
        ["tensor", "float32", [1, 2], 0, False, None, True, 3],
        ["numpy", "bfloat16", [4], 0, False, None, True, "cpu"],
        ["tensor", "int32", [1, 2], 0, True, None, True, "cpu"],
        ["numpy", "float32", [1, 2], 0, True, None, True, "cpu"],
        ["tensor", "float32", [0, 2**31, 2**31], 1, False, None, True, "cpu"],
        *(["dict", ["a", 1], [key, 1]] for key in (None, True, 1, 2.5, "x" * 201)),
        "x" * 200_000,
    ],
)
def test_a_value_that_is_not_as_agreed_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedFrame):
        decode_answer(Frame({"reply": [value, [], [], []]}, [bytes(8), b""]))


@pytest.mark.parametrize(
    "gradient",
    [
        ["numpy", "float32", [1, 2], 1, False, None, True, "cpu"],
        ["tensor", "float32", [2, 1], 1, False, None, True, "cpu"],
        ["tensor", "int32", [1, 2], 1, False, None, True, "cpu"],
        [
            "tensor",
            "float32",
            [1, 2],
            1,
            False,
            ["tensor", "float32", [1, 2], 2, False, None, True, "cpu"],
            True,
            "cpu",
        ],
        ["tensor", "float32", [1, 2], 0, False, None, True, "cpu"],
    ],
)
def test_a_gradient_that_no_tensor_could_have_is_malformed(gradient: list[Any]) -> None:
    value = ["tensor", "float32", [1, 2], 0, True, gradient, True, "cpu"]
    with pytest.raises(MalformedFrame):
        decode_answer(Frame({"reply": [value, [], [], []]}, [bytes(8)] * 3))


def test_gradients_of_gradients_are_malformed_however_many_there_are() -> None:
    tower: Any = None
    for _ in range(100_000):
        tower = ["tensor", "float32", [1, 2], 0, False, tower, True, "cpu"]
    with pytest.raises(MalformedFrame):
        decode_answer(Frame({"reply": [tower, [], [], []]}, [bytes(8)]))


def test_a_buffer_serves_one_array_only() -> None:
    array = ["tensor", "float32", [1, 2], 0, False, None, True, "cpu"]
    with pytest.raises(MalformedFrame, match="not sent for it"):
        decode_answer(Frame({"reply": [array, [array], [], []]}, [bytes(8)]))


def test_a_value_nested_too_deeply_is_malformed() -> None:
    deep: Any = 1
    for _ in range(60):
        deep = ["list", deep]
    with pytest.raises(MalformedFrame):
        decode_answer(Frame({"reply": [deep, [], [], []]}, []))


def spoiled(data: Any, chance: random.Random) -> Any:
    """The same data with one part replaced by something else."""
    junk: list[Any] = [None, -1, 2**70, 1e308, "x", [], {}, ["tensor"], True, [[[]]]]
    paths: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        for key, item in items:
            paths.append((node, key))
            walk(item)

    data = copy.deepcopy(data)
    walk(data)
    node, key = chance.choice(paths)
    node[key] = chance.choice(junk)
    return data


@settings(max_examples=300)
@given(st.integers())
def test_an_answer_with_one_part_spoiled_is_an_answer_or_malformed_and_never_an_error(seed: int) -> None:
    chance = random.Random(seed)
    answers: list[Reply | Raised] = [
        Reply((TENSOR, [1.0, "x"]), (TENSOR, None), ((1,),), ("a",)),
        Raised("call", "E", "m", (CodeLine("a", 1, "f"),)),
    ]
    frame = encode_answer(chance.choice(answers))
    try:
        decode_answer(Frame(spoiled(frame.body, chance), frame.buffers))
    except MalformedFrame:
        return


@pytest.mark.parametrize("stage", ["", "passed", "calls", 7, None])
def test_an_exception_from_no_stage_is_malformed(stage: object) -> None:
    with pytest.raises(MalformedFrame, match="unknown stage"):
        decode_answer(Frame({"raised": [stage, "ValueError", "no", []]}, []))


def test_a_value_has_a_limited_number_of_parts() -> None:
    fits = ["list", *([0] * (MAX_NODES - 1))]
    assert isinstance(decode_answer(Frame({"reply": [fits, [], [], []]}, [])), Reply)
    for reply in ([[*fits, 0], [], [], []], [0, [fits], [], []], [0, [], [[fits]], []]):
        with pytest.raises(MalformedFrame, match="too many parts"):
            decode_answer(Frame({"reply": reply}, []))
