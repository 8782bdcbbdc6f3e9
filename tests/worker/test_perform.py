"""Performing a call: what goes in, what comes back, and what is said of an exception."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.materialize import array_to_plain, tensor_from_plain, tensor_to_plain
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Backward, Call, Iterate, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build, Lookup, Opaque, Parameters

STOP = (Exception, SystemExit)


@pytest.fixture
def learner() -> Iterator[Any]:
    held: list[LearnerModules] = []

    def call(source: str, *args: Any, **more: Any) -> Reply | Raised:
        modules = LearnerModules({"lesson": source})
        held.append(modules)
        return perform(Call("lesson", "f", args, **more), modules, "cpu", STOP)

    yield call
    for modules in held:
        modules.forget()


def tensor(*values: float, **flags: Any) -> Array:
    made = torch.tensor(values, dtype=torch.float32)
    if flags.get("grad") is not None:
        made.requires_grad_()
        made.grad = torch.tensor(flags["grad"])
    plain = tensor_to_plain(made)
    assert isinstance(plain, Array)
    return plain


def values(plain: Any) -> list[float]:
    found: list[float] = tensor_from_plain(plain).detach().tolist()
    return found


def test_a_value_comes_back_with_the_arguments_as_they_are_afterwards(learner: Any) -> None:
    reply = learner("def f(a, b):\n    b += 1\n    return a * 2", tensor(1, 2), tensor(3, 4))
    assert values(reply.value) == [2, 4]
    assert values(reply.after[0]) == [1, 2]
    assert values(reply.after[1]) == [4, 5]


def test_gradients_of_arguments_go_in_and_come_out(learner: Any) -> None:
    source = "import torch\ndef f(w):\n    with torch.no_grad():\n        w -= w.grad\n    w.grad = None"
    reply = learner(source, tensor(1, 2, grad=[0.5, 1.0]))
    assert values(reply.after[0]) == [0.5, 1.0]
    assert reply.after[0].requires_grad
    assert reply.after[0].grad is None


def test_an_argument_is_no_view_so_that_old_idioms_work_in_place(learner: Any) -> None:
    reply = learner("def f(w):\n    w.grad.detach_()\n    w.grad.zero_()", tensor(1, 2, grad=[0.5, 1.0]))
    assert isinstance(reply, Reply), reply
    assert values(reply.after[0].grad) == [0, 0]


def test_a_gradient_is_sent_backward_through_what_was_returned(learner: Any) -> None:
    w = torch.tensor([1.0, 2.0]).requires_grad_()
    reply = learner("def f(w):\n    return w * w", tensor_to_plain(w), then=Backward(tensor(1, 10)))
    assert values(reply.after[0].grad) == [2, 40]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_gradient_that_is_given_is_the_one_that_torch_computes_to_the_last_bit(
    learner: Any, dtype: torch.dtype
) -> None:
    torch.manual_seed(1)
    w, upstream = torch.randn(4, 3, dtype=dtype), torch.randn(4, 3, dtype=dtype)
    source = "import torch\ndef f(w):\n    return torch.softmax(w / 0.3, dim=1) * w.exp()"
    ours = learner(source, tensor_to_plain(w.clone().requires_grad_()), then=Backward(tensor_to_plain(upstream)))
    w.requires_grad_()
    torch.autograd.backward(torch.softmax(w / 0.3, dim=1) * w.exp(), upstream)
    assert w.grad is not None
    assert torch.equal(tensor_from_plain(ours.after[0].grad), w.grad)


def test_a_gradient_goes_back_where_a_learner_has_switched_recording_off_meanwhile(learner: Any) -> None:
    w = torch.tensor([1.0, 2.0]).requires_grad_()
    source = "import torch\ndef f(w):\n    y = w * w\n    torch.set_grad_enabled(False)\n    return y"
    try:
        reply = learner(source, tensor_to_plain(w), then=Backward(tensor(1, 10)))
    finally:
        torch.set_grad_enabled(True)
    assert values(reply.after[0].grad) == [2, 40]


def test_a_gradient_of_another_shape_is_refused(learner: Any) -> None:
    w = torch.tensor([[1.0], [2.0]]).requires_grad_()
    raised = learner("def f(w):\n    return w * w", tensor_to_plain(w), then=Backward(tensor(1, 10)))
    assert (raised.stage, raised.type_name) == ("backward", "RuntimeError")


def test_a_result_that_is_cut_off_says_so(learner: Any) -> None:
    w = torch.tensor([1.0]).requires_grad_()
    raised = learner("def f(w):\n    return w.detach()", tensor_to_plain(w), then=Backward(tensor(1)))
    assert (raised.stage, raised.type_name) == ("backward", "RuntimeError")


def test_what_was_returned_is_gone_through_and_never_without_end(learner: Any) -> None:
    source = "def f():\n    class Loader:\n        def __iter__(self):\n            while True:\n                yield 1\n    return Loader()"
    reply = learner(source, then=Iterate(2, limit=3))
    assert reply.items == ((1, 1, 1), (1, 1, 1))


def test_recipes_become_a_model_its_optimizer_and_a_loss_that_belong_together(learner: Any) -> None:
    model = Build(
        "torch.nn.Linear", (1, 1), state={"weight": tensor_to_plain(torch.tensor([[2.0]])), "bias": tensor(0)}
    )
    opt = Build("torch.optim.SGD", (Parameters(model),), {"lr": 0.5})
    source = "import torch\ndef f(m, opt, loss):\n    loss(m(torch.ones(1, 1)), torch.zeros(1, 1)).backward()\n    opt.step()"
    reply = learner(source, model, opt, Lookup("torch.nn.functional.mse_loss"))
    assert values(reply.after[0]["weight"]) == [[0.0]]
    assert values(reply.after[0]["bias"]) == [-2.0]


@pytest.mark.parametrize("path", ["os.system", "torch", "torch.nn._reduction", "torch.nothing"])
def test_a_recipe_names_only_what_is_public_in_torch(learner: Any, path: str) -> None:
    raised = learner("def f(x):\n    return 1", Lookup(path))
    assert raised.stage == "build"


def test_numpy_arrays_go_in_as_arrays(learner: Any) -> None:
    array = np.array([[1, 2], [3, 4]], dtype=np.int32)
    reply = learner("def f(a):\n    return [type(a).__name__, str(a.dtype), a.flags.writeable]", array_to_plain(array))
    assert reply.value == ["ndarray", "int32", True]


def test_the_same_seed_gives_the_same_random_numbers(learner: Any) -> None:
    source = (
        "import torch, random, numpy\ndef f():\n    return [torch.rand(1).item(), random.random(), numpy.random.rand()]"
    )
    assert learner(source, seed=5).value == learner(source, seed=5).value
    assert learner(source, seed=5).value != learner(source, seed=6).value


@pytest.mark.parametrize(
    ("body", "type_name"),
    [
        ("return 1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("return undefined", "NameError"),
    ],
)
def test_an_exception_comes_back_with_the_learners_lines(learner: Any, body: str, type_name: str) -> None:
    raised = learner(f"def g():\n    {body}\n\ndef f():\n    return g()")
    assert (raised.stage, raised.type_name) == ("call", type_name)
    assert [(place.line, place.function) for place in raised.where] == [(5, "f"), (2, "g")]


def test_an_exception_that_fights_back_is_still_an_exception(learner: Any) -> None:
    source = (
        "class Bad(Exception):\n    def __str__(self):\n        raise SystemExit\n"
        "class Long(Exception):\n    pass\n"
        "def f(kind):\n    raise Bad() if kind == 'bad' else Long('x' * 10**7)"
    )
    assert learner(source, "bad").message == "(its message can't be shown)"
    assert len(learner(source, "long").message) <= 2000


def test_a_forbidden_function_is_seen_however_it_is_called(learner: Any) -> None:
    watch = ("torch.nn.functional.mse_loss",)
    calls = [
        "F.mse_loss(a, b)",
        "torch.nn.MSELoss()(a, b)",
        "torch._C._nn.mse_loss(a, b)",
        "torch.ops.aten.mse_loss(a, b)",
        "torch.ops.aten.mse_loss.default(a, b)",
        "getattr(F, 'mse' + '_loss')(a, b)",
    ]
    for call in calls:
        source = f"import torch, torch.nn.functional as F\ndef f(a, b):\n    return {call}"
        assert learner(source, tensor(1, 2), tensor(3, 4), watch=watch).seen == watch, call
    own = "def f(a, b):\n    return ((a - b) ** 2).mean()"
    assert learner(own, tensor(1, 2), tensor(3, 4), watch=watch).seen == ()


def test_what_has_no_plain_form_is_told_by_its_type(learner: Any) -> None:
    reply = learner("class Thing:\n    pass\ndef f():\n    return Thing()")
    assert isinstance(reply.value, Opaque)
    assert reply.value.type_name == "lesson.Thing"


LOADER = "torch.utils.data.dataloader.DataLoader"
CLAIMS = {
    "named": "__module__, __qualname__ = 'torch.utils.data.dataloader', 'DataLoader'",
    "of a class that it isn't": "__class__ = property(lambda self: DataLoader)",
    "named by a text of its own": "__module__ = type('Text', (str,), {'partition': lambda *_: 'xyz'})('torch.utils.data.dataloader')",
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_class_that_claims_to_be_torchs_is_not_told_as_it(learner: Any, claim: str) -> None:
    for put_in_place in ("", "torch.utils.data.DataLoader = torch.utils.data.dataloader.DataLoader = Fake\n"):
        source = (
            "import torch.utils.data\nfrom torch.utils.data import DataLoader\n"
            f"class Fake:\n    {CLAIMS[claim]}\n{put_in_place}def f():\n    return Fake()"
        )
        kept = torch.utils.data.DataLoader
        try:
            value = learner(source).value
        finally:
            torch.utils.data.DataLoader = torch.utils.data.dataloader.DataLoader = kept  # type: ignore[misc]
        assert LOADER not in (value.type_name, *value.text.split())


def test_a_class_with_bases_of_its_metaclass_is_told_by_its_real_ones(learner: Any) -> None:
    source = (
        "from torch.utils.data import DataLoader\n"
        "class Meta(type):\n    __mro__ = property(lambda self: (self, DataLoader, object))\n"
        "class Fake(metaclass=Meta):\n    pass\ndef f():\n    return Fake()"
    )
    assert learner(source).value.text == "lesson.Fake"


def test_what_is_made_from_a_class_of_torch_is_told_so(learner: Any) -> None:
    source = (
        "from torch.utils.data import DataLoader\nclass Mine(DataLoader):\n    pass\ndef f():\n    return Mine([1, 2])"
    )
    value = learner(source).value
    assert value.type_name == "lesson.Mine"
    assert LOADER in value.text.split()


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.bool, torch.complex64, torch.uint16]
)
def test_tensors_of_every_type_survive_the_way(dtype: torch.dtype) -> None:
    made = torch.tensor([[0, 1], [1, 0]]).to(dtype)
    plain = tensor_to_plain(made)
    assert isinstance(plain, Array)
    back = tensor_from_plain(plain)
    assert back.dtype == dtype
    assert torch.equal(back.to(torch.complex64), made.to(torch.complex64))


def test_tensors_that_are_odd_inside_arrive_as_they_look() -> None:
    for made in (
        torch.arange(6.0).reshape(2, 3).t(),
        torch.ones(1).expand(3),
        torch.empty(0, 3),
        torch.tensor(1 + 2j).conj(),
    ):
        plain = tensor_to_plain(made)
        assert isinstance(plain, Array)
        assert torch.equal(tensor_from_plain(plain), made)


FILE = Build("torch.serialization.io.BytesIO")


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        ("pass", b""),
        ("file.write(b'abc'); file.seek(0)", b"abc"),
        ("file.write(b'abc'); file.seek(1); file.truncate(); file.write(b'd')", b"ad"),
        ("file.write(bytes(40 << 20))", Opaque("too large", "bytes of length 41,943,040; the limit for all together is 33,554,432 bytes")),
        ("file.close()", None),
        ("file.getvalue = lambda: b'claimed'", b""),
        ("file.__dict__.update(closed=False, getvalue=None)", b""),
    ],
)  # fmt: skip
def test_a_file_in_memory_comes_back_as_the_bytes_that_it_holds(learner: Any, does: str, expected: Any) -> None:
    came = learner(f"def f(file):\n    {does}", FILE)
    assert came.after == (expected,)
