"""A visible check as text: small whole numbers, chosen so that what comes of them can be worked out on paper."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import torch

from grader.authoring.check_texts import repr_of
from grader.authoring.check_titles import title_of
from grader.authoring.docstring_inputs import Input
from grader.authoring.drawn_inputs import LOSS, optimizer_text
from grader.authoring.reference_trial import Behaviour, called, numbers_of, parts_of
from grader.checks import Build, Lookup, Parameters
from grader.core.assignment import Exercise
from grader.core.labels import joined
from grader.sandbox.inside.materialize import array_from_plain, tensor_from_plain
from grader.sandbox.protocol.messages import Reply
from grader.sandbox.protocol.plain import Array

TRIES = 80
_WIDEST = 118  # of a line
SMALL = (2, 3, 2, 4, 2, 3)


@dataclass(frozen=True)
class Attempt:
    """A call with small numbers: the lines before it, its arguments, and the answer."""

    lines: list[str]
    arguments: list[str]
    reply: Reply

    @property
    def badness(self) -> tuple[float, ...]:
        """The better the numbers, the less. Results that are all the same show nothing, and neither do inputs in which
        a number comes twice, or is 0 or 1, since much that is wrong is right for those; and every further digit is one
        more to work out."""
        found = [each for value in (self.reply.value, *self.reply.after) for each in numbers_of(value)]
        digits = sum(len(re.sub(r"\D", "", f"{each:.6g}")) - 1 for each in found)
        own = numbers_of(self.reply.value)
        is_empty = any(isinstance(each, Array) and not math.prod(each.shape) for each in parts_of(self.reply.value))
        dull = is_empty or (len(own) > 1 and len(set(own)) == 1)
        if not all(map(math.isfinite, found)):
            return (math.inf,)
        given = re.findall(r"-?\d+\.\d+", " ".join([*self.lines, *self.arguments]))
        special = sum(float(each) in (0, 1) for each in given) + sum(each in (0, 1) for each in own if len(own) > 1)
        twice = len(given) - len(set(given)) + len(own) - len(set(own))
        return (dull or own == [0.0], digits + 2 * special + 2 * twice)


def best_of(attempts: Iterable[Attempt]) -> Attempt | None:
    """The one with the best numbers; None where none has numbers that can be written down."""
    ranked = sorted(attempts, key=lambda each: each.badness)
    return ranked[0] if ranked and ranked[0].badness[0] != math.inf else None


def visible_check(exercise: Exercise, docstring: str, does: Behaviour, sources: Mapping[str, str]) -> str | None:
    """The module of visible checks: one of what is returned, one of what is changed. None where nothing that can be
    written down comes of it."""
    if does.gives in ("other values each time", "what has no plain form") and not does.changed:
        return None
    attempts = [found for seed in range(TRIES) if (found := _attempt(exercise, does, sources, random.Random(seed)))]
    best = best_of(attempts)
    if best is None:
        return None
    asked = _call_of(f"student.{exercise.function}", best.arguments, "    outcome = ")
    title = title_of(docstring) or f"gives the right {'result' if does.gives == 'a value' else 'numbers'}"
    changed = joined([does.drawing.inputs[at].name for at in does.changed])
    checks = [
        ("test_small_numbers", title, _returned(best, does)),
        (
            "test_what_it_leaves",
            f"leaves {changed} as it should" if does.gives == "a value" else title,
            _left(best, does),
        ),
    ]
    told = [(name, said, [*best.lines, asked, *lines]) for name, said, lines in checks if lines]
    return visible_module(exercise, told) if told else None


def visible_module(exercise: Exercise, checks: Sequence[tuple[str, str, Sequence[str]]]) -> str:
    """A module of visible checks, each with its name, its title and its lines."""
    head = f'"""The visible checks of `{exercise.id}`: small numbers that can be worked out on paper."""'
    texts = [
        "\n".join([f'@check("{exercise.id}")', f"def {name}(student):", f'    """{title}"""', *lines])
        for name, title, lines in checks
    ]
    text = "\n\n\n".join(texts)
    kit = [name for name in _KIT if re.search(rf"\b{name}\(", text)]
    torch = ["import torch"] if "torch." in text.replace('"torch.', "") else []
    numpy = ["import numpy"] if "numpy." in text else []
    imports = [*numpy, *torch, *([""] if torch or numpy else []), f"from grader.checks import {', '.join(kit)}"]
    return "\n".join([head, "", *imports, "", "", text]) + "\n"


def _call_of(name: str, arguments: Sequence[str], before: str = "    ") -> str:
    """A call, over several lines where it is long."""
    line = f"{before}{name}({', '.join(arguments)})"
    if len(line) <= _WIDEST:
        return line
    return "\n".join([f"{before}{name}(", *(f"        {each}," for each in arguments), "    )"])


def _attempt(exercise: Exercise, does: Behaviour, sources: Mapping[str, str], chance: random.Random) -> Attempt | None:
    drawing = does.drawing
    sizes = dict(zip(drawing.names, SMALL, strict=False)) if not drawing.is_of_shapes else {}
    lines: list[str] = []
    arguments = []
    for one in drawing.inputs:
        text = optimizer_text(drawing.trained.name, "0.5") if one.kind == "optimizer" and drawing.trained else ""
        text = text or argument(one, sizes, chance)
        if one is drawing.trained:
            state, made = text[text.index("state=") + len("state=") : -1], text[: text.index("state=")]
            lines += [f"    state = {state}", f"    {one.name} = {made}state=state)"]
            text = one.name
        if one.requires_grad:
            text = f"{text[:-1]}, requires_grad=True)"
            lines.append(f"    {one.name} = {text}")
            if one.has_grad:
                lines.append(f"    {one.name}.grad = {argument(one, sizes, chance)}")
            text = one.name
        arguments.append(text)
    names = dict(_NAMES)
    exec("\n".join(line.strip() for line in lines), names)  # our own text
    asked = called(exercise, sources, [eval(text, names) for text in arguments])
    return Attempt(lines, arguments, asked.answer) if isinstance(asked.answer, Reply) else None


_KIT = ("Build", "Lookup", "Parameters", "check", "load_state")
_NAMES = {"torch": torch, "numpy": numpy, "Build": Build, "Lookup": Lookup, "Parameters": Parameters}


def value_of(text: str) -> Any:
    """What a text of ours stands for."""
    return eval(text, dict(_NAMES))


def argument(one: Input, sizes: Mapping[str, int], chance: random.Random) -> str:
    """A value of a parameter as source, of small whole numbers."""
    if one.kind in ("tensor", "array"):
        shape = [_size(text, sizes) for text in one.shape] if one.shape is not None else [2, 2]
        numbers = _nested(one, shape, sizes, chance)
        made = "torch.tensor" if one.kind == "tensor" else "numpy.array"
        usual = {"", "float32", "int64", "bool"} if one.kind == "tensor" else {"", "float64", "int64", "bool"}
        return f"{made}({numbers}{'' if one.dtype in usual else f', dtype={made[:5]}.{one.dtype}'})"
    if one.kind == "model":
        assert one.sizes
        inside, outside = (_size(text, sizes) for text in one.sizes)
        plain = Input("", "tensor")
        weight, bias = (_nested(plain, shape, sizes, chance) for shape in ([outside, inside], [outside]))
        state = f'{{"weight": torch.tensor({weight}), "bias": torch.tensor({bias})}}'
        return f'Build("torch.nn.Linear", ({inside}, {outside}), state={state})'
    if one.kind == "loss":
        return LOSS
    if one.kind == "numbers":
        return str([float(chance.randint(1, 9)) for _ in range(_size((one.shape or ("3",))[0], sizes))])
    if one.kind == "integer":
        return str(sizes.get(one.name, chance.randint(2, 3)))
    if one.kind == "flag":
        return str(chance.random() < 0.5)
    return "0.5" if one.low is None or one.low <= 0.5 else f"{one.low:g}"


def _nested(one: Input, shape: Sequence[int], sizes: Mapping[str, int], chance: random.Random) -> str:
    if one.once:
        return str(chance.sample(range(shape[0]), shape[0]))
    if shape:
        return f"[{', '.join(_nested(one, shape[1:], sizes, chance) for _ in range(shape[0]))}]"
    if one.dtype == "bool":
        return str(chance.random() < 0.5)
    if one.dtype.startswith(("int", "uint")):
        return str(chance.randrange(_size(one.below, sizes) if one.below else 5))
    if one.low is not None and one.high is not None and one.high - one.low <= 1:
        return chance.choice(("0.25", "0.5", "0.75"))
    if one.low is None:  # few of them negative
        return f"{chance.choice((-4, -3, -2, 1, 2, 3, 4, 5, 6, 7, 8))}.0"
    low = max(1, int(one.low) + (one.low > 0))
    high = 4 if one.high is None else int(one.high)
    return f"{chance.randint(low, max(low, high))}.0"


def _size(text: str, sizes: Mapping[str, int]) -> int:
    return int(eval(re.sub(r"[A-Za-z_]\w*", lambda found: str(sizes.get(found[0], 2)), text)))  # numbers alone


def _returned(attempt: Attempt, does: Behaviour) -> list[str]:
    """The expectation of what is returned; none where it can't be written down."""
    line = expected_call(attempt.reply.value) if does.gives == "a value" else None
    return [line] if line else []


def _left(attempt: Attempt, does: Behaviour) -> list[str]:
    """The expectations of what is changed; none where a value can't be written down."""
    lines = []
    for at in does.changed:
        one, after = does.drawing.inputs[at], attempt.reply.after[at]
        text = _source(after)
        if text is None:
            return []
        method, name = ("trained", []) if one.kind == "model" else ("leaves", [repr_of(one.name)])
        lines.append(_call_of(f"outcome.{method}", [str(at), text, *name]))
    return lines


def expected_call(value: Any) -> str | None:
    """The line that expects a value as the result; None where it can't be written down."""
    text = _source(value)
    return None if text is None else _call_of("outcome.returns", [text])


def _source(value: Any) -> str | None:
    """A plain value as source; None where it has none that is short."""
    if isinstance(value, Array):
        is_tensor = value.kind == "tensor"
        held = (tensor_from_plain(value).detach() if is_tensor else array_from_plain(value)).tolist()
        usual = ("float32", "int64", "bool") if is_tensor else ("float64", "int64", "bool")
        made = "torch.tensor" if is_tensor else "numpy.array"
        dtype = "" if value.dtype in usual else f", dtype={made[:5]}.{value.dtype}"
        text = f"{made}({_numbers(held)}{dtype})"
        if not math.prod(value.shape):  # written as a list, it would lose its shape and dtype
            text = f"{made[:5]}.zeros({value.shape}, dtype={made[:5]}.{value.dtype})"
        return text if len(text) <= 400 else None
    if isinstance(value, list | tuple):
        parts = [_source(each) for each in value]
        if any(part is None for part in parts):
            return None
        inside = ", ".join(part for part in parts if part)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(parts) == 1 else ''})"
    if isinstance(value, dict):
        pairs = [(key, _source(each)) for key, each in value.items()]
        return None if any(p is None for _, p in pairs) else f"{{{', '.join(f'{_key(k)}: {p}' for k, p in pairs)}}}"
    return _numbers(value) if isinstance(value, bool | int | float | str) or value is None else None


def _key(key: Any) -> str:
    return repr_of(key) if isinstance(key, str) and key.isidentifier() else repr(key)


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    if isinstance(value, float):
        text = f"{value + 0.0:.7g}"  # and no -0
        return text if re.search(r"[.e]|inf|nan", text) else f"{text}.0"
    return repr(value)
