"""Recipes become real objects: models, optimizers, losses and loaders, built where they are used."""

from __future__ import annotations

from functools import reduce
from typing import Any

import torch

from grader.wire.plain import Array, Build, Lookup, Parameters
from grader.worker.tensors import array_from_plain, tensor_from_plain


class Builder:
    """Builds the arguments of one call on one device. The same recipe object gives the same real object."""

    def __init__(self, device: str = "cpu") -> None:
        self.device = device
        self._built: dict[int, Any] = {}

    def build(self, value: Any) -> Any:
        """The real object for a plain value or recipe. Anything else is passed through as it is."""
        if type(value) is Array:
            # One Array object is one tensor, even when it occurs twice in a call.
            if id(value) not in self._built:
                self._built[id(value)] = (
                    array_from_plain(value) if value.kind == "numpy" else tensor_from_plain(value, self.device)
                )
            return self._built[id(value)]
        if type(value) in (list, tuple):
            return type(value)(self.build(item) for item in value)
        if type(value) is dict:
            return {key: self.build(item) for key, item in value.items()}
        if type(value) is Lookup:
            return _named(value.path)
        if type(value) is Parameters:
            return list(self.build(value.module).parameters())
        if type(value) is Build:
            if id(value) not in self._built:
                self._built[id(value)] = self._make(value)
            return self._built[id(value)]
        return value

    def _make(self, recipe: Build) -> Any:
        args = [self.build(arg) for arg in recipe.args]
        kwargs = {key: self.build(item) for key, item in recipe.kwargs.items()}
        made = _named(recipe.path)(*args, **kwargs)
        if isinstance(made, torch.nn.Module):
            made = made.to(self.device)
            held = dict(made.named_parameters()) | dict(made.named_buffers())
            with torch.no_grad():
                for name, value in recipe.state.items():
                    held[name].copy_(self.build(value))
        return made


def _named(path: str) -> Any:
    """The object with this dotted public name in torch. Raises `ValueError` for any other name."""
    root, *names = path.split(".")
    if root != "torch" or not names or any(name.startswith("_") for name in names):
        raise ValueError(f"{path!r} is no public name in torch")
    return reduce(getattr, names, torch)
