"""Objects of learners' classes in the worker: made anew for each call, and read where torch keeps what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.materialize import is_module, module_state, tensor_to_plain
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build, Opaque, Parameters, Step

STOP = (BaseException,)
Modules = Callable[[str], LearnerModules]


@pytest.fixture
def learner() -> Iterator[Modules]:
    """Imports a module `m`."""
    made: list[LearnerModules] = []

    def importing(text: str) -> LearnerModules:
        made.append(LearnerModules({"m": f"import torch\nfrom torch import nn\n{text}"}))
        return made[-1]

    yield importing
    for each in made:
        each.forget()


def answer(modules: LearnerModules, function: str, *args: Any) -> Reply | Raised:
    return perform(Call("m", function, args), modules, "cpu", STOP)


def reply(modules: LearnerModules, function: str, *args: Any) -> Reply:
    got = answer(modules, function, *args)
    assert isinstance(got, Reply), got
    return got


def raised(modules: LearnerModules, function: str, *args: Any) -> Raised:
    got = answer(modules, function, *args)
    assert isinstance(got, Raised), got
    return got


def shared() -> nn.Module:
    norm = nn.BatchNorm1d(2)
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), norm)
    model[1].weight = model[0].weight
    model.register_buffer("kept", norm.running_mean)
    model.register_buffer("mine", torch.ones(1), persistent=False)
    model.again = norm
    return model


def weighted() -> nn.Module:
    model: nn.Module = nn.utils.parametrizations.weight_norm(nn.Linear(2, 3, bias=False))
    return model


MODULES = [shared, weighted, lambda: nn.LSTM(2, 3, 2), lambda: nn.TransformerEncoderLayer(4, 2), nn.Module]


@pytest.mark.parametrize("make", MODULES)
def test_a_module_holds_what_torch_says(make: Callable[[], nn.Module]) -> None:
    module = make()
    expected = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    got = module_state(module)
    assert list(got) == list(expected)
    assert all(got[name] is each for name, each in expected.items())


def test_what_a_module_says_of_itself_is_not_asked() -> None:
    class Lies(nn.Module):
        def named_parameters(self, *_: Any, **__: Any) -> Any:
            raise AssertionError

        named_buffers = named_modules = modules = parameters = state_dict = named_parameters

        def __getattribute__(self, name: str) -> Any:
            raise SystemExit(0)

    lies = Lies.__new__(Lies)
    object.__setattr__(lies, "__dict__", {"_parameters": {"w": torch.ones(1)}, "_modules": {"me": lies, "no": 5}})
    assert list(module_state(lies)) == ["w"]

    class Claims:
        __class__ = nn.Module  # type: ignore[assignment]

    assert isinstance(Claims(), nn.Module)
    assert not is_module(Claims())


NET = """
class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, 1)
    def forward(self, x):
        return self.linear(x)
class Scaler:
    def fit(self, x):
        self.mean = x
class Many(list):
    def __init__(self):
        self.x = 1
def use(net, *others):
    return len(others)
"""


def test_a_module_gives_its_state_and_other_objects_their_attributes(learner: Modules) -> None:
    modules = learner(NET)
    assert {name: each.shape for name, each in reply(modules, "Net.", Build("m:Net", (3,))).after[0].items()} == {
        "linear.weight": (1, 3),
        "linear.bias": (1,),
    }
    fitted = Build("m:Scaler", steps=(Step("fit", (2.5,)),))
    assert reply(modules, "Scaler.", fitted).after == (({"mean": 2.5},),)
    assert reply(modules, "Many.", Build("m:Many")).after == (({"x": 1},),)


def test_what_is_made_of_a_learner_s_object_fails_as_theirs(learner: Modules) -> None:
    modules = learner(NET + "class Bare(nn.Module):\n    pass\n")
    empty = Build("torch.optim.SGD", (Parameters(Build("m:Bare")),), {"lr": 0.1})
    got = raised(modules, "use", Build("m:Bare"), empty)
    assert (got.stage, got.type_name, got.message) == ("call", "ValueError", "optimizer got an empty parameter list")
    # What has nothing to do with them is the check's own.
    assert raised(modules, "use", Build("m:Bare"), Build("torch.nn.Linear", (-1, "x"))).stage == "build"


@pytest.mark.parametrize("error", ["ValueError('no')", "SystemExit(0)", "KeyboardInterrupt", "StopIteration"])
def test_parameters_that_raise_are_theirs(learner: Modules, error: str) -> None:
    modules = learner(f"{NET}class Bad(Net):\n    def parameters(self, recurse=True):\n        raise {error}\n")
    got = raised(modules, "use", Parameters(Build("m:Bad", (2,))))
    assert got.stage == "call"
    assert [each.function for each in got.where] == ["Bad.parameters"]


def test_random_numbers_that_can_t_be_set_end_nothing(learner: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(_: int) -> None:
        raise SystemExit(0)

    modules = learner(NET)
    monkeypatch.setattr("random.seed", spoiled)
    assert raised(modules, "use", 1).stage == "build"
    assert raised(modules, "Net.", Build("m:Net", (2,))).stage == "build"


FIGHTS = """
class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)
    __mro__ = __bases__ = __name__
class Out(Exception, metaclass=Meta):
    @property
    def __class__(self):
        raise SystemExit(0)
    __traceback__ = __cause__ = filename = msg = __class__
class Text(str):
    def __getitem__(self, key):
        return self
    __str__ = lambda self: self
class Odd(SyntaxError):
    def __init__(self):
        self.msg, self.filename = Text("x" * 10**6), []
class Thing(metaclass=Meta):
    pass
class A:
    def __init__(self):
        raise Out("out")
class B:
    def __init__(self):
        raise Odd
def c(*args):
    raise Out("out")
thing = Thing()
Thing.__dict__
"""


def test_exceptions_that_lie_about_themselves_are_told_all_the_same(learner: Modules) -> None:
    modules = learner(FIGHTS)
    for got in (raised(modules, "A.", Build("m:A")), raised(modules, "c", 1)):
        assert (got.stage, got.type_name) == ("call", "Out")
    odd = raised(modules, "B.", Build("m:B"))
    assert (odd.type_name, type(odd.message), len(odd.message)) == ("Odd", str, 2000)
    assert raised(modules, "thing", 1) == Raised("missing", "NameError", "thing is a Thing")


def test_a_kind_of_tensor_has_a_name_of_a_bounded_length() -> None:
    kind = type("x" * 10**6, (torch.Tensor,), {})
    plain = tensor_to_plain(torch.ones(1).as_subclass(kind))
    assert isinstance(plain, Opaque)
    assert len(plain.type_name) == 200
    assert isinstance(tensor_to_plain(torch.ones(1)), Array)
