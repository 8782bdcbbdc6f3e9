"""How near is right, stated once.

Two right programs differ by rounding alone. In float32 one rounding is a relative 6e-8 (the unit roundoff u); a sum of
a few hundred terms in any order, and the handful of operations of a forward and backward pass, stay below a few
hundred u of the largest number involved (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2:
the error of a sum is at most n·u times the sum of the magnitudes). A single result may therefore differ by 2e-5 of
the largest expected magnitude: 25 times below half precision's roundoff of 5e-4, so that computing in half precision,
TF32, or with a stray weight decay shows. Along a training run the contraction of gradient descent keeps errors from
growing, but each step adds some: k steps may differ by 2e-5 + 2e-6·k, and never by more than 1e-4 for a trajectory
that is compared step by step.

A GPU sums in another order and fuses multiply-adds: its tolerances are twice as wide. float64 computations are
compared at 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

SINGLE = 2e-5
PER_STEP = 2e-6
WIDEST = 1e-4
DOUBLE = 1e-9


@dataclass(frozen=True)
class Tolerance:
    """What a check allows. `steps` is how many updates led to a value; `scale` is the magnitude that errors are
    relative to, when it is larger than the result's own (a difference of large numbers); `relative` overrides the
    whole rule, for convergence and printed numbers."""

    steps: int = 1
    scale: float = 0.0
    relative: float | None = None

    def allowed(self, expected: torch.Tensor, device: str = "cpu") -> float:
        """The largest absolute difference from `expected` that is still right for a result computed on `device`."""
        if not expected.is_floating_point() or not expected.numel():
            return 0.0
        relative = self.relative
        if relative is None:
            single = min(SINGLE + PER_STEP * (self.steps - 1), WIDEST)
            relative = DOUBLE if expected.dtype == torch.float64 else single
            relative *= 1 if device == "cpu" else 2
        # An infinite magnitude would allow everything.
        finite = torch.nan_to_num(expected.detach().abs(), nan=0.0, posinf=0.0)
        return relative * max(float(finite.max()), self.scale)


RIGHT = Tolerance()
EXACT = Tolerance(relative=0.0)
