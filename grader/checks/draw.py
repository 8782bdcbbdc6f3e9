"""Inputs drawn from a seed: the same seed gives the same inputs on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import torch

T = TypeVar("T")


def derive(*parts: object) -> int:
    """A 63-bit seed from any parts, from which none of them can be found."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little") >> 1


class Draw:
    """Draws inputs for one check."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))

    def tensor(
        self, *shape: int, low: float = -2.0, high: float = 2.0, dtype: torch.dtype | None = None
    ) -> torch.Tensor:
        """Uniform numbers between `low` and `high` in a float32 tensor of this shape (or of another `dtype`)."""
        drawn = torch.from_numpy(np.asarray(self._random.uniform(low, high, shape)))
        return drawn.to(dtype or torch.float32)

    def array(self, *shape: int, low: float = 0, high: float = 100, dtype: Any = np.float64) -> np.ndarray[Any, Any]:
        """Uniform numbers in a NumPy array of any dtype; booleans are drawn as true or false."""
        if np.dtype(dtype) == np.bool_:
            return self._random.integers(0, 2, shape).astype(np.bool_)
        return self._random.uniform(low, high, shape).astype(dtype)

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self._random.integers(low, high + 1))

    def number(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return float(self._random.uniform(low, high))

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self._random.integers(len(options)))]
