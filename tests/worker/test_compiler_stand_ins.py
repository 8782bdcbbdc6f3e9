"""torch's compiler is loaded only when something asks for it, and nobody who does can tell."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.sandbox.inside import warmup

ROOT = Path(__file__).resolve().parents[2]

# Runs each piece of code in a copy of one process, and tells what came of it and whether all was loaded then.
TELLS = """
import json, os, sys
import torch
torch.set_num_threads(1)
with_stand_ins, before, *pieces = json.load(sys.stdin)
if with_stand_ins:
    from grader.sandbox.inside.warmup import stand_in_for_compiler
    stand_in_for_compiler()

def run(piece):
    torch.manual_seed(0)
    names = {}
    try:
        exec(piece, names)
        return repr(names["found"])
    except Exception as error:
        return f"{type(error).__name__}: {error}"

run(before)
for piece in pieces:
    sys.stdout.flush()
    if os.fork() == 0:
        print(json.dumps([run(piece), "sympy" in sys.modules]), flush=True)
        os._exit(0)
    os.wait()
"""

MADE = """
import torch
from torch import nn
model, x, y = nn.Linear(3, 2), torch.randn(5, 3), torch.randn(5, 2)
def loss(): return nn.functional.mse_loss(model(x), y)
"""
# What lessons and their learners use, and needs no compiler.
USUAL = {
    **{
        optimizer: f"""
            optimizer = torch.optim.{optimizer}(model.parameters(), lr=0.01)
            for _ in range(3):
                optimizer.zero_grad()
                loss().backward()
                optimizer.step()
            found = list(model.parameters())
        """
        for optimizer in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Rprop")
    },
    "closure": """
        optimizer = torch.optim.LBFGS(model.parameters())
        def closure():
            optimizer.zero_grad()
            now = loss()
            now.backward()
            return now
        optimizer.step(closure)
        found = list(model.parameters())
    """,
    "schedule": """
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
        loss().backward()
        optimizer.step()
        schedule.step()
        found = optimizer.param_groups[0]["lr"], optimizer.state_dict()
    """,
    "gradient given": "out = model(x); out.backward(torch.ones(5, 2)); found = model.weight.grad",
    "gradient of another shape": "model(x).backward(torch.ones(2, 5)); found = None",
    "gradients asked for": "found = torch.autograd.grad(model(x), model.weight, torch.ones(5, 2))",
    "batched gradients": "found = torch.autograd.grad(model(x), x.requires_grad_(), torch.ones(4, 5, 2), is_grads_batched=True)",
    "jacobian": "found = torch.autograd.functional.jacobian(model, x)",
    "vmap": "found = torch.vmap(torch.sum)(x)",
    "seed": "torch.manual_seed(3); found = torch.rand(2)",
}
# What the compiler is needed for.
UNUSUAL = {
    "compiled": "found = torch.compile(model, backend='eager')(x)",
    "around what is never compiled": """
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # as before: in plain Python
        graphs = []
        def backend(graph, _):
            graphs.append(graph.code.strip())
            return graph
        def step():
            before = x.sum()
            optimizer.zero_grad()
            optimizer.add_param_group({"params": [before.detach().requires_grad_()]})
            optimizer.step()
            return before * 2
        found = torch.compile(step, backend=backend)(), len(optimizer.param_groups), graphs
    """,
    "torch.func": "found = torch.func.grad(lambda w: (x @ w.T - y).square().mean())(torch.ones(2, 3))",
    "traced": "found = torch.jit.trace(model, x)(x)",
    "disabled": "found = torch.compiler.disable(lambda: 7)()",
    "a part of it": "import torch._dynamo.utils; found = torch._dynamo.utils.counters.__class__",
    "from it": "from torch._dynamo import config, disable; found = config.__name__, disable(lambda: 3)()",
    "its names": "import torch._dynamo; found = sorted({'optimize', 'graph_break', 'reset'} & set(dir(torch._dynamo)))",
    "its members": "import inspect, torch.fx.experimental.symbolic_shapes as shapes; "
    "found = [name for name, _ in inspect.getmembers(shapes, inspect.isclass)]",
    "what isn't there": "import torch._dynamo.nothing_of_this_name; found = None",
    "shapes": "from torch.fx.experimental.symbolic_shapes import ShapeEnv, sym_eq; found = ShapeEnv.__name__, sym_eq([1], (1,))",
    "shapes that can't be compared": "from torch.fx.experimental.symbolic_shapes import sym_eq; found = sym_eq('a', 1)",
}


def told(pieces: dict[str, str], *, with_stand_ins: bool) -> dict[str, tuple[str, bool]]:
    """For each piece, the first to ask after usual steps: what was found, and whether all was loaded then."""
    sources = [MADE + textwrap.dedent(piece) for piece in (USUAL["SGD"], *pieces.values())]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TELLS],
        input=json.dumps([with_stand_ins, *sources]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: (str(what), bool(loaded)) for name, (what, loaded) in zip(pieces, found, strict=True)}


@pytest.mark.slow
def test_what_lessons_use_gives_the_same_and_loads_nothing() -> None:
    found, plain = told(USUAL, with_stand_ins=True), told(USUAL, with_stand_ins=False)
    assert {name: what for name, (what, _) in found.items()} == {name: what for name, (what, _) in plain.items()}
    assert [name for name, (_, loaded) in found.items() if loaded] == []
    assert [name for name, (_, loaded) in plain.items() if not loaded] == []


@pytest.mark.slow
def test_whoever_asks_for_the_compiler_has_the_real_one() -> None:
    found, plain = told(UNUSUAL, with_stand_ins=True), told(UNUSUAL, with_stand_ins=False)
    assert {name: what for name, (what, _) in found.items()} == {name: what for name, (what, _) in plain.items()}


def test_a_module_that_cant_be_loaded_says_why_each_time() -> None:
    code = """
        import torch
        from grader.sandbox.inside.warmup import stand_in_for_compiler
        stand_in_for_compiler()
        import sys
        sys.modules["sympy"] = None
        for _ in range(2):
            try:
                torch._dynamo.optimize
            except ImportError as error:
                print(error)
        torch._dynamo.graph_break()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True
    )
    assert done.stdout.count("sympy") == 2


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("model = torch.compile(model)", True),
        ("from torch.func import grad", True),
        ("from torch import nn, func", True),
        ("import functorch", True),
        ("import torch.jit as jit", True),
        ("prog = re.compile('a'); func = 1", False),
        ("torch.optim.SGD(model.parameters(), 0.1)", False),
        ("from torch import nn\ndef func(x): return x", False),
    ],
)
def test_a_source_that_seems_to_use_it_has_it_before_its_time_counts(
    text: str, asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    spec = find_spec("json.tool")
    assert spec is not None
    module = warmup._StandIn(spec, ())
    monkeypatch.setitem(sys.modules, "torch._dynamo", module)
    monkeypatch.setattr(warmup, "_load", loaded.append)
    warmup.load_where_asked_for(["x = 1", text])
    assert bool(loaded) is asks
