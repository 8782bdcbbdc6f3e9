"""Hidden checks as text, made of what a reference does with drawn inputs: values, changes, gradients, and guards."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.docstring_inputs import Described
from grader.authoring.reference_trial import Behaviour
from grader.core.assignment import Assignment, Exercise
from grader.core.labels import joined
from grader.sandbox.protocol.plain import Array

_KIT = ("Backward", "Build", "Lookup", "Parameters", "Tolerance", "check", "guard", "load_state", "real", "state_of")
_DETACHED = re.compile(r"\b(?:not attached|detached|not part of a graph|no graph)\b")


@dataclass(frozen=True)
class CheckText:
    """One check: its name and its source, from the decorator on."""

    name: str
    source: str

    @property
    def is_guard(self) -> bool:
        """Whether it only takes points."""
        return self.source.startswith("@guard")


@dataclass(frozen=True)
class HiddenChecks:
    """A module of hidden checks. `none` says why there is none that earns points."""

    head: str
    drawn: str
    checks: tuple[CheckText, ...]
    lesson: str
    module: str
    function: str

    def without(self, names: Collection[str]) -> HiddenChecks:
        """The same without some of them."""
        kept = tuple(each for each in self.checks if each.name not in names)
        return HiddenChecks(self.head, self.drawn, kept, self.lesson, self.module, self.function)

    @property
    def earns(self) -> bool:
        """Whether a check in it earns points."""
        return any(not each.is_guard for each in self.checks)

    @property
    def text(self) -> str:
        """The module."""
        body = "\n\n\n".join([self.drawn, *(each.source for each in self.checks)])
        kit = [name for name in _KIT if re.search(rf"(?<![\w.]){name}\(", body)]
        torch = ["import torch"] if re.search(r"(?<![\w.\"])torch\.", body) else []
        graph = ["from torch import autograd"] if "autograd." in body else []
        own = [f"from grader.checks import {', '.join(kit)}"]
        if re.search(rf"(?<![\w.`]){self.function}\(", body):
            own.append(f"from solutions.{self.lesson}.{self.module} import {self.function}")
        imports = [*torch, *graph, *([""] if torch or graph else []), *own]
        return "\n".join([f'"""{self.head}"""', "", *imports, "", "", body]) + "\n"


def hidden_checks(assignment: Assignment, exercise: Exercise, said: Described, does: Behaviour) -> HiddenChecks:
    """The checks that a behaviour suggests."""
    writer = _Writer(exercise, said, does)
    drawn = does.drawing.text()
    head = f"Hidden checks of `{exercise.id}`, on drawn inputs."
    return HiddenChecks(head, drawn, tuple(writer.checks()), assignment.id, exercise.module, exercise.function)


class _Writer:
    def __init__(self, exercise: Exercise, said: Described, does: Behaviour) -> None:
        self._id, self._function = exercise.id, exercise.function
        self._said, self._does = said, does
        self._names = [each.name for each in does.drawing.inputs]

    def checks(self) -> Iterator[CheckText]:
        """All of them: what earns points first."""
        does = self._does
        if does.gives == "a value" or does.changed:
            yield self._check("test_values", self._title(), self._values())
        if does.resets:
            yield self._check("test_resets", f"resets the {self._gradients(does.resets)}", self._resets(), points=1)
        if self._said.is_differentiable and self._reached():
            title = f"can be differentiated in {self._listed(self._reached())}"
            yield self._check("test_can_be_differentiated", title, self._differentiated(), points=1)
        if does.leaves:
            lines = [self._once(), *(f'    outcome.requires_grad({at}, "{self._names[at]}")' for at in does.leaves)]
            yield self._guard(
                "test_still_requires_gradients", f"leaves {self._listed(does.leaves)} ready to learn", lines
            )
        if _DETACHED.search(self._said.returns):
            lines = [
                self._once(),
                '    if getattr(outcome.value, "requires_grad", False):',
                '        outcome.fail("The result is still attached to the graph: gradients would go through it.")',
            ]
            if does.gives == "a value" and not does.is_attached:
                yield self._guard("test_is_not_attached_to_a_graph", "gives a result without a graph", lines)
        if does.untouched:
            lines = [f"    student.{self._function}(*{does.drawing.one}).leaves_alone({_positions(does.untouched)})"]
            title = f"leaves {self._listed(does.untouched)} as {'it was' if len(does.untouched) == 1 else 'they were'}"
            yield self._guard("test_leaves_its_arguments_alone", title, lines)
        if does.models:
            lines = [f"    given = {does.drawing.one}", f"    outcome = student.{self._function}(*given)"]
            lines += [f"    outcome.trained({at}, given[{at}].state)" for at in does.models]
            yield self._guard("test_leaves_the_model_alone", f"leaves {self._listed(does.models)} as it was", lines)

    def _check(self, name: str, title: str, lines: Sequence[str], points: int = 2) -> CheckText:
        head = [f'@check("{self._id}", points={points})', f"def {name}(student, draw):", f'    """{title}"""']
        return CheckText(name, "\n".join([*head, *lines]))

    def _guard(self, name: str, title: str, lines: Sequence[str]) -> CheckText:
        head = [f'@guard("{self._id}", penalty=0.25)', f"def {name}(student, draw):", f'    """{title}"""']
        return CheckText(name, "\n".join([*head, *lines]))

    def _title(self) -> str:
        drawing = self._does.drawing
        any_of = "any shape" if drawing.is_of_shapes else f"any {joined(list(drawing.names))}" if drawing.names else ""
        whichever = f" for {any_of}" if any_of else ", whatever it is given"
        if self._does.gives != "a value":
            return f"leaves the right numbers in {self._listed(self._does.changed)}{whichever}"
        also = f", and leaves {self._listed(self._does.changed)} right" if self._does.changed else ""
        return f"gives the right result{whichever}{also}"

    def _values(self) -> list[str]:
        does, call = self._does, f"student.{self._function}(*each)"
        cases = "drawn(draw, *case) for case in CASES" if does.drawing.names else "drawn(draw) for _ in range(5)"
        lines = [f"    given = [{cases}]", f"    outcomes = [{call} for each in given]"]
        lines += ["    for outcome, each in zip(outcomes, given, strict=True):"]
        returns = self._returns()
        if not does.changed:
            return [*lines, f"        outcome.returns({', '.join([f'{self._function}(*real(*each))', *returns])})"]
        lines += ["        ours = real(*each)"]
        if does.gives == "a value":
            lines += [f"        outcome.returns({', '.join([f'{self._function}(*ours)', *returns])})"]
        else:
            lines += [f"        {self._function}(*ours)"]
        return [*lines, *(self._leaves(at) for at in does.changed)]

    def _leaves(self, at: int) -> str:
        name, one = self._names[at], self._does.drawing.inputs[at]
        if one.kind == "model":
            return f"        outcome.trained({at}, dict(ours[{at}].named_parameters()))"
        tolerance = _tolerance(self._does.largest[1])
        ours = f"ours[{at}].detach()" if one.kind == "tensor" else f"ours[{at}]"
        return f"        outcome.leaves({', '.join([str(at), ours, repr_of(name), *tolerance])})"

    def _returns(self) -> list[str]:
        value = self._does.value
        options = _tolerance(self._does.largest[0]) if _has_floats(value) else []
        if isinstance(value, Array) and value.dtype == "float32" and not self._said.names_dtype:
            options.append("float64=True")
        return options

    def _resets(self) -> list[str]:
        """Whoever moves nothing has not done the step that the reset belongs to."""
        return [self._once(), *(f'    outcome.resets_gradient({at}, "{self._names[at]}")' for at in self._does.resets)]

    def _reached(self) -> tuple[int, ...]:
        """What the docstring says that the result can be differentiated in; all that gradients reach, where it doesn't
        say."""
        words = re.search(r"differentiable (?:in|with respect to) ([^.;\n]*(?:\n[^.;>]*)?)", self._said.docstring)
        named = [at for at, name in enumerate(self._names) if words and re.search(rf"\b{name}\b", words[1])]
        return tuple(at for at in self._does.gradients if not named or at in named)

    def _differentiated(self) -> list[str]:
        at, drawing = self._reached(), self._does.drawing
        cases = "(CASES[0], CASES[-1])" if drawing.names else "range(2)"
        each = "drawn(draw, *case)" if drawing.names else "drawn(draw)"
        tolerance = _tolerance(self._does.largest[2])
        lines = [f"    for {'case' if drawing.names else '_'} in {cases}:", f"        given = {each}"]
        lines += [f"        given[{n}].requires_grad_()" for n in at if not drawing.inputs[n].requires_grad]
        lines += ["        ours = real(*given)", f"        result = {self._function}(*ours)"]
        lines += ["        upstream = draw.tensor(*result.shape)"]
        lines += [f"        outcome = student.{self._function}(*given, then=Backward(upstream))"]
        lines += ["        autograd.backward(result, upstream)"]
        for n in at:
            values = [str(n), f"ours[{n}].grad", repr_of(self._names[n]), *tolerance]
            lines += [f"        outcome.gradient({', '.join(values)})"]
        return lines

    def _once(self) -> str:
        return f"    outcome = student.{self._function}(*{self._does.drawing.one})"

    def _listed(self, at: Sequence[int]) -> str:
        return joined([self._names[each] for each in at])

    def _gradients(self, at: Sequence[int]) -> str:
        return f"gradient{'s' if len(at) > 1 else ''} of {self._listed(at)}"


def repr_of(text: str) -> str:
    """A text in double quotes."""
    return f'"{text}"'


def _positions(at: Sequence[int]) -> str:
    return ", ".join(map(str, at))


def _has_floats(value: object) -> bool:
    if isinstance(value, Array):
        return value.dtype.startswith(("float", "bfloat"))
    if isinstance(value, list | tuple):
        return any(map(_has_floats, value))
    return isinstance(value, float) or (isinstance(value, dict) and any(map(_has_floats, value.values())))


def _tolerance(largest: float) -> list[str]:
    """Errors are relative to what results are like at most: a small one may be a difference of large numbers."""
    if not largest:
        return []
    power = 10.0 ** math.floor(math.log10(largest))
    return [f"Tolerance(scale={math.ceil(largest / power) * power:g})"]
