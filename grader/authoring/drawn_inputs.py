"""Inputs that are drawn as a docstring describes them, as the text of a function `drawn` that hidden checks call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.authoring.docstring_inputs import Described, Input
from grader.core.labels import joined

Case = tuple[int, ...]
SHAPES: tuple[Case, ...] = ((4, 3), (4, 3), (1, 5), (7,), (2, 3, 2))
_FIRST = (5, 3, 2, 4, 6, 7)
_OTHERS = (4, 6, 3, 5, 2, 7)
_LARGE = (9, 7, 4, 8, 5, 6)
_WIDEST = 110  # of a line
_NUMBERS = {"rate": (0.01, 0.2), "lr": (0.01, 0.2), "probability": (0.1, 0.9), "momentum": (0.1, 0.9)}


@dataclass(frozen=True)
class Drawing:
    """How the inputs of a function are drawn: for each of `cases`, which are sizes by `names`, or whole shapes."""

    function: str
    inputs: tuple[Input, ...]
    names: tuple[str, ...]
    cases: tuple[Case, ...]

    @property
    def is_of_shapes(self) -> bool:
        """Whether a case is a whole shape: any shape will do."""
        return self.names == ("*shape",)

    def text(self) -> str:
        """The source of the cases and of `drawn`, as they stand in a module of checks."""
        lines = []
        if self.names:
            which = "Shapes" if self.is_of_shapes else ", ".join(self.names)
            lines += [
                f"# {which}. The first comes twice, as what is kept of one call must not show in the next.",
                f"CASES = [{', '.join(map(repr, self.cases))}]",
                *("", ""),
            ]
        given = ", ".join(["draw", *self.names])
        lines += [
            f"def drawn({given}):",
            f'    """What `{self.function}` is given: {joined([each.name for each in self.inputs])}."""',
        ]
        held = [each for each in self.inputs if each.has_grad or each is self.trained]
        for each in held:
            lines.append(f"    {each.name} = {self._drawn(each)}")
            lines += [f"    {each.name}.grad = {self._plain(each)}"] if each.has_grad else []
        values = [each.name if each in held else self._drawn(each) for each in self.inputs]
        result = f"    return {_tuple(values)}"
        if len(result) > _WIDEST:
            result = "\n".join(["    return (", *(f"        {value}," for value in values), "    )"])
        return "\n".join([*lines, result])

    def loop(self, indent: str = "    ") -> str:
        """The lines that go through the cases, and draw `given`."""
        if not self.names:
            return f"{indent}for _ in range(5):\n{indent}    given = drawn(draw)"
        return f"{indent}for case in CASES:\n{indent}    given = drawn(draw, *case)"

    @property
    def trained(self) -> Input | None:
        """The model whose parameters an optimizer has; None without an optimizer."""
        has_optimizer = any(each.kind == "optimizer" for each in self.inputs)
        return next((each for each in self.inputs if each.kind == "model"), None) if has_optimizer else None

    @property
    def one(self) -> str:
        """A call of `drawn` for one case."""
        return "drawn(draw, *CASES[0])" if self.names else "drawn(draw)"

    def imports(self) -> list[str]:
        """What `drawn` needs of torch and of the kit."""
        text = self.text()
        return [
            name
            for name in ("torch", "Build", "Lookup", "Parameters")
            if re.search(rf"\b{name}[.(]", text.replace('"torch.', ""))
        ]

    def _drawn(self, one: Input) -> str:
        if one.kind in ("tensor", "array"):
            return self._plain(one) + (".requires_grad_()" if one.requires_grad else "")
        if one.kind == "model":
            assert one.sizes
            inside, outside = one.sizes
            state = f'{{"weight": draw.tensor({outside}, {inside}), "bias": draw.tensor({outside})}}'
            return f'Build("torch.nn.Linear", ({inside}, {outside}), state={state})'
        if one.kind == "optimizer":
            assert self.trained
            return optimizer_text(self.trained.name, "draw.number(0.02, 0.1)")
        if one.kind == "loss":
            return LOSS
        if one.kind == "numbers":
            return f"[draw.number({_ends(one, 0, 10)}) for _ in range({(one.shape or ('3',))[0]})]"
        if one.kind == "integer":
            return one.name if one.name in self.names else "draw.integer(2, 4)"
        if one.kind == "flag":
            return "draw.choice([False, True])"
        words = f"{one.name} {one.said}"
        low, high = next((ends for word, ends in _NUMBERS.items() if re.search(rf"\b{word}\b", words)), (0.5, 2.0))
        return f"draw.number({_ends(one, low, high)})"

    def _plain(self, one: Input) -> str:
        sizes = ["*shape"] if one.shape is None else list(one.shape)
        if one.dtype == "bool":
            draw = f"draw.{one.kind}({', '.join(sizes)}" + (", low=-1)" if one.kind == "array" else ")")
            return f"({draw} > 0)"
        if one.once:
            return f"draw.{one.kind}({', '.join(sizes)}).argsort()"
        return f"draw.{one.kind}({', '.join([*sizes, *_options(one)])})"


LOSS = 'Lookup("torch.nn.functional.mse_loss")'


def optimizer_text(model: str, rate: str) -> str:
    """The recipe of an optimizer of a model."""
    return f'Build("torch.optim.SGD", (Parameters({model}),), {{"lr": {rate}}})'


def _options(one: Input) -> list[str]:
    whole = one.dtype.startswith(("int", "uint"))
    if whole:
        below = one.below or "5"
        name = f"torch.{one.dtype}" if one.kind == "tensor" else f'"{one.dtype}"'
        return ["low=0", f"high={below}", f"dtype={name}"]
    found = [f"low={one.low:g}"] if one.low is not None else []
    found += [f"high={one.high:g}"] if one.high is not None else []
    if one.dtype and one.dtype != ("float32" if one.kind == "tensor" else "float64"):
        found.append(f"dtype=torch.{one.dtype}" if one.kind == "tensor" else f'dtype="{one.dtype}"')
    return found


def _ends(one: Input, low: float, high: float) -> str:
    return f"{one.low if one.low is not None else low:g}, {one.high if one.high is not None else high:g}"


def _tuple(values: Sequence[str]) -> str:
    return f"({values[0]},)" if len(values) == 1 else ", ".join(values) or "()"


def drawing(function: str, said: Described) -> Drawing:
    """How to draw what a docstring describes. Parameters with a default that it says nothing of are left out at the
    end; of all others it must say what they are."""
    inputs = list(said.inputs)
    while inputs and not inputs[-1].kind and inputs[-1].default:
        inputs.pop()
    shaped = [each for each in inputs if each.kind in ("tensor", "array", "numbers") and each.shape is not None]
    texts = [text for each in shaped for text in (*(each.shape or ()), each.below)]
    names = tuple(dict.fromkeys(name for text in texts for name in re.findall(r"[A-Za-z_]\w*", text)))
    free = [each for each in inputs if each.kind in ("tensor", "array") and each.shape is None]
    if free and not names:
        return Drawing(function, tuple(inputs), ("*shape",), SHAPES)
    if free:
        names = tuple(dict.fromkeys([*names, "rows", "columns"]))
        two = ("rows", "columns")
        inputs = [_with_shape(each, two) if each in free else each for each in inputs]
    return Drawing(function, tuple(inputs), names, tuple(_cases(len(names))))


def _with_shape(one: Input, shape: tuple[str, ...]) -> Input:
    return Input(**{**vars(one), "shape": shape})


def _cases(count: int) -> list[Case]:
    """Sizes that differ from each other, the first twice; each of the first few is 1 in one case; and large ones."""
    if not count:
        return []

    def sizes(of: Sequence[int]) -> list[int]:
        return [of[at % len(of)] for at in range(count)]

    found = [tuple(sizes(_FIRST))] * 2
    for at in range(min(count, 3)):
        one = sizes(_OTHERS)
        one[at] = 1
        found.append(tuple(one))
    return [*found, tuple(sizes(_LARGE))]


def inputs_of(drawn: Drawing, draw: Any) -> list[tuple[Case, tuple[Any, ...]]]:
    """Each case with the inputs that its text draws. What is tried is what is suggested, letter by letter."""
    import torch

    from grader.checks import Build, Lookup, Parameters

    names: dict[str, Any] = {"torch": torch, "Build": Build, "Lookup": Lookup, "Parameters": Parameters}
    exec(compile(drawn.text(), "drawn inputs", "exec"), names)  # our own text
    cases: Sequence[Case] = drawn.cases if drawn.names else [()] * 5
    return [(case, names["drawn"](draw, *case)) for case in cases]
