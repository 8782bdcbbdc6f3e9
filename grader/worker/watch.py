"""Watching which torch functions a call uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch.overrides import TorchFunctionMode


class Watch(TorchFunctionMode):
    """Notes which of the named torch functions are called while it is active.

    A function is known by the last part of its name, so that `torch.nn.functional.linear`, `torch._C._nn.linear` and
    `torch.ops.aten.linear` are the same: the dispatcher below can't tell a linear layer from a matrix product.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._watched = {name.rsplit(".", 1)[-1]: name for name in names}
        self.seen: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = self._watched.get(str(getattr(func, "__name__", "")).split(".", 1)[0])
        if name is not None and name not in self.seen:
            self.seen.append(name)
        return func(*args, **(kwargs or {}))
