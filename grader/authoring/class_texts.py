"""Checks of an exercise that is a `torch.nn.Module`, as text: its parameters, what `forward` gives, its gradients."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import Any

import torch

from grader.authoring.check_texts import CheckText, HiddenChecks
from grader.authoring.check_titles import title_of
from grader.authoring.docstring_inputs import Described, Input, described
from grader.authoring.drawn_inputs import Case, Drawing, drawing, inputs_of
from grader.authoring.visible_text import (
    SMALL,
    TRIES,
    Attempt,
    argument,
    best_of,
    expected_call,
    value_of,
    visible_module,
)
from grader.checks import CheckFailed, Draw, Function, Student, load_state, state_of
from grader.core.assignment import Assignment, Exercise
from grader.core.labels import joined
from grader.core.sanitize import sanitized
from grader.grading.local_run import LocalTransport
from grader.sandbox.protocol.messages import Reply

SECONDS = 5.0


@dataclass(frozen=True)
class Module:
    """A class with what its docstrings say: how the object is made (`made` are names of sizes, products of them,
    or numbers), and how the inputs of `forward` are drawn."""

    exercise: Exercise
    made: tuple[str, ...]
    forward: Drawing

    @property
    def names(self) -> str:
        """The sizes of a case, as they are unpacked."""
        names = self.forward.names
        return f"({names[0]},)" if len(names) == 1 else ", ".join(names)

    @property
    def sizes(self) -> list[str]:
        """The names of the sizes that the object is made with."""
        return list(
            dict.fromkeys(name for name in re.findall(r"[A-Za-z_]\w*", " ".join(self.made)) if not iskeyword(name))
        )

    def arguments(self, sizes: Mapping[str, int]) -> list[Any]:
        """What the object is made with, for these sizes."""
        return [eval(text, {}, dict(sizes)) for text in self.made]  # our own texts


def tried(module: Module, sources: Mapping[str, str]) -> tuple[Module, tuple[str, ...]] | str:
    """The module with those cases on which the reference works, and what its docstring should say for it; or, in a
    sentence, why it works on none. A size that `forward` doesn't have may be the product of all that a row has."""
    problem = ""
    own = module.forward.names
    shape = module.forward.inputs[0].shape or ()
    lacking = [name for name in module.sizes if not any(name in (each.shape or ()) for each in module.forward.inputs)]
    product = " * ".join(shape[1:])
    readings: list[tuple[Module, tuple[str, ...]]] = [(module, ())]
    if lacking and len(shape) > 2:
        names = tuple(name for name in own if name != lacking[0])
        cases = tuple(
            tuple(n for n, name in zip(case, own, strict=True) if name in names) for case in module.forward.cases
        )
        made = tuple(product if name == lacking[0] else name for name in module.made)
        other = replace(module, made=made, forward=replace(module.forward, names=names, cases=cases))
        readings.append((other, (f"Say in the docstring that {lacking[0]} is {product}.",)))
    for reading, to_say in readings:
        kept = []
        for case, given in inputs_of(reading.forward, Draw(0)):
            why = _stops(reading, sources, case, given)
            problem = problem or why
            kept += [case] if not why else []
        if len(kept) > 2:
            return replace(reading, forward=replace(reading.forward, cases=tuple(kept))), to_say
    return f"Objects were made as the docstrings say, and the reference stops: {problem}. Say more about their sizes"


def _stops(module: Module, sources: Mapping[str, str], case: Case, given: Sequence[Any]) -> str:
    """Why the reference doesn't work for a case; empty when it does."""
    name = module.exercise.function
    with LocalTransport(sources, SECONDS) as stage:
        student = Student(stage, {name: Function(module.exercise.module)}, ahead=True)
        made = module.arguments(dict(zip(module.forward.names, case, strict=True)))
        try:
            getattr(student.new, name)(*made)(*given).settle()
        except CheckFailed as failed:
            facts = dict(failed.finding.facts)
            return sanitized(facts.get("raised", failed.finding.summary), 200).rstrip(".")
    return ""


def module_of(definition: ast.ClassDef, exercise: Exercise) -> Module | str:
    """What is said of a class; or, in a sentence, why no checks can be made of that."""
    if not any(ast.unparse(base).split(".")[-1] == "Module" for base in definition.bases):
        return "It is no torch.nn.Module: its checks are written by hand, with student.new"
    methods = {each.name: each for each in definition.body if isinstance(each, ast.FunctionDef)}
    forward = methods.get("forward")
    if forward is None:
        return "It has no method forward: its checks are written by hand, with student.new"
    said = described(forward)
    if unknown := [each.name for each in said.inputs if not each.kind]:
        return f'Say in the docstring of forward what {joined(unknown)} is: "{unknown[0]}: float tensor (n, features)"'
    drawn = drawing(exercise.function, said)
    if drawn.is_of_shapes:
        return f'Say in the docstring of forward which shape: "{said.inputs[0].name}: float tensor (n, features)"'
    wanted = _wanted(methods.get("__init__"), definition)
    if others := [each.name for each in wanted if each.kind not in ("", "integer", "number", "flag")]:
        call = f"student.new.{exercise.function}({', '.join(each.name for each in wanted)})"
        return (
            f"Objects are made with more than sizes, {joined(others)}: the checks are written by hand, as with {call}"
        )
    made = [_size(each, drawn) for each in wanted]
    lacking = [name for name in made if name.isidentifier() and not iskeyword(name) and name not in drawn.names]
    names = (*drawn.names, *dict.fromkeys(lacking))
    more = replace(drawing(exercise.function, _with_sizes(said, names)), inputs=drawn.inputs)
    return Module(exercise, tuple(made), more)


def _wanted(init: ast.FunctionDef | None, definition: ast.ClassDef) -> list[Input]:
    """What the object is made with: the parameters that have no default."""
    if init is None:
        return []
    needed = len(init.args.args) - 1 - len(init.args.defaults)
    text = "\n\n".join(filter(None, (ast.get_docstring(init), ast.get_docstring(definition))))
    return list(described(init, text).inputs[:needed])


def _size(one: Input, drawn: Drawing) -> str:
    """What is given for a parameter: a size, by its name, or else a value."""
    is_size = one.name in drawn.names or one.kind in ("", "integer")
    return one.name if is_size else "0.5" if one.kind == "number" else "True"


def _with_sizes(said: Described, names: Sequence[str]) -> Described:
    """The same with a first input that has all of these sizes, so that each case has one of each."""
    return replace(said, inputs=(replace(said.inputs[0], shape=tuple(names)), *said.inputs[1:]))


def hidden_of_module(assignment: Assignment, module: Module) -> HiddenChecks:
    """The hidden checks of a module."""
    exercise = module.exercise
    name, id, made = exercise.function, exercise.id, ", ".join(module.made)
    arguments = ", ".join(["student", "draw", *module.sizes])
    filled = [
        f"def filled({arguments}):",
        '    """The learner\'s object and ours, with the same drawn parameters."""',
        f"    theirs, ours = student.new.{name}({made}), {name}({made})",
        "    state = {name: draw.tensor(*each.shape) for name, each in ours.state_dict().items()}",
        "    load_state(theirs, state)",
        "    ours.load_state_dict(state)",
        "    return theirs, ours",
    ]
    each_case = f"    for {module.names} in CASES:"
    ask = [f"        theirs, ours = filled({arguments})", f"        given = {_drawn(module)}"]
    checks = [
        CheckText(
            "test_parameters",
            "\n".join(
                [
                    f'@check("{id}", points=1)',
                    "def test_parameters(student):",
                    '    """has the right parameters, by their names and shapes"""',
                    each_case,
                    f"        ours = {name}({made}).state_dict()",
                    f"        made = student.new.{name}({made})",
                    "        state_of(made).holds(0, {name: tuple(each.shape) for name, each in ours.items()})",
                ]
            ),
        ),
        CheckText(
            "test_values",
            "\n".join(
                [
                    f'@check("{id}", points=2)',
                    "def test_values(student, draw):",
                    f'    """gives the right result for any {joined(list(module.forward.names))}"""',
                    each_case,
                    *ask,
                    "        theirs(*given).returns(ours(*real(*given)).detach(), Tolerance(scale=4))",
                ]
            ),
        ),
        CheckText(
            "test_can_be_trained",
            "\n".join(
                [
                    f'@check("{id}", points=1)',
                    "def test_can_be_trained(student, draw):",
                    '    """can be trained: gradients reach its parameters"""',
                    each_case.replace("CASES:", "CASES[:1]:"),
                    *ask,
                    "        result = ours(*real(*given))",
                    "        upstream = draw.tensor(*result.shape)",
                    "        outcome = theirs(*given, then=Backward(upstream))",
                    "        autograd.backward(result, upstream)",
                    "        outcome.gradients(0, {name: each.grad for name, each in ours.named_parameters()})",
                ]
            ),
        ),
        CheckText(
            "test_leaves_its_arguments_alone",
            "\n".join(
                [
                    f'@guard("{id}", penalty=0.25)',
                    "def test_leaves_its_arguments_alone(student, draw):",
                    f'    """leaves {joined([each.name for each in module.forward.inputs])} as given"""',
                    each_case.replace("CASES:", "CASES[:1]:"),
                    f"        theirs, _ = filled({arguments})",
                    f"        theirs(*{_drawn(module)}).leaves_alone({_tensors(module)})",
                ]
            ),
        ),
    ]
    text = f"{module.forward.text()}\n\n\n" + "\n".join(filled)
    head = f"Hidden checks of `{id}`, on drawn inputs."
    return HiddenChecks(head, text, tuple(checks), assignment.id, exercise.module, name)


def _drawn(module: Module) -> str:
    return f"drawn({', '.join(['draw', *module.forward.names])})"


def _tensors(module: Module) -> str:
    inputs = enumerate(module.forward.inputs, start=1)  # argument 0 is the object
    return ", ".join(str(at) for at, each in inputs if each.kind in ("tensor", "array"))


def visible_of_module(module: Module, docstring: str, sources: Mapping[str, str]) -> str | None:
    """A module of visible checks with small numbers; None where nothing that can be written down comes of it."""
    attempts = [found for seed in range(TRIES) if (found := _attempt(module, sources, random.Random(seed)))]
    best = best_of(attempts)
    if best is None or (lines := expected_call(best.reply.value)) is None:
        return None
    title = title_of(docstring) or "gives the right result"
    return visible_module(module.exercise, [("test_small_numbers", title, [*best.lines, lines])])


def _attempt(module: Module, sources: Mapping[str, str], chance: random.Random) -> Attempt | None:
    name, of = module.exercise.function, module.exercise.module
    sizes = dict(zip(module.forward.names, SMALL, strict=False))
    made = ", ".join(map(repr, module.arguments(sizes)))
    arguments = [argument(each, sizes, chance) for each in module.forward.inputs]
    with LocalTransport(sources, SECONDS) as stage:
        student = Student(stage, {name: Function(of)}, ahead=True)
        instance = getattr(student.new, name)(*module.arguments(sizes))
        try:
            held = state_of(instance).after(0)
            state = {key: f"torch.tensor({_small(each, chance)})" for key, each in held.items()}
            load_state(instance, {key: value_of(text) for key, text in state.items()})
            instance(*(value_of(text) for text in arguments)).settle()
        except (CheckFailed, AttributeError, TypeError):
            return None
        reply = student.asked[-1].answer
    pairs = [f'        "{key}": {text},' for key, text in state.items()]
    lines = [f"    made = student.new.{name}({made})", "    state = {", *pairs, "    }", "    load_state(made, state)"]
    lines.append(f"    outcome = made({', '.join(arguments)})")
    return Attempt(lines, arguments, reply) if isinstance(reply, Reply) else None


def _small(tensor: torch.Tensor, chance: random.Random) -> Any:
    """Small whole numbers in the shape of a tensor, nested."""
    numbers = [float(chance.choice((-3, -2, 2, 3, 4, 5, 6, 7))) for _ in range(tensor.numel())]
    return torch.tensor(numbers).reshape(tensor.shape).tolist()
