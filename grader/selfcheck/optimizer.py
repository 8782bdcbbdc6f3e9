"""A small optimizer for checks that run beside the learner: quick to make, and it remembers what was asked of it.

The first `torch.optim.SGD` imports `torch._dynamo`, which takes as long as torch itself. This one is an optimizer in
every respect that a training loop knows of, and imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch


class SGD(torch.optim.Optimizer):
    """Gradient descent. `events` are the calls in their order: "step", "step without gradients", "zero_grad"."""

    def __init__(self, params: Iterable[torch.Tensor], lr: float) -> None:
        # Not Optimizer's own __init__: it would import torch._dynamo.
        self.defaults: dict[str, Any] = {"lr": lr}
        self.state: dict[Any, Any] = {}  # type: ignore[assignment]
        self.param_groups: list[dict[str, Any]] = [{"params": list(params), "lr": lr}]
        self.events: list[str] = []

    def __repr__(self) -> str:
        return f"SGD(lr={self.param_groups[0]['lr']})"

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move each parameter by the learning rate times its gradient; a closure is called first."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        moved = False
        with torch.no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    if param.grad is not None:
                        moved = moved or bool(param.grad.ne(0).any())
                        param.add_(param.grad, alpha=-group["lr"])
        self.events.append("step" if moved else "step without gradients")
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Reset the gradients."""
        self.events.append("zero_grad")
        for group in self.param_groups:
            for param in group["params"]:
                if set_to_none:
                    param.grad = None
                elif param.grad is not None:
                    param.grad.detach_()
                    param.grad.zero_()

    def state_dict(self) -> dict[str, Any]:
        """Its settings, as torch.optim gives them."""
        groups, start = [], 0
        for group in self.param_groups:
            numbers = list(range(start, start + len(group["params"])))
            start += len(numbers)
            groups.append({**{key: value for key, value in group.items() if key != "params"}, "params": numbers})
        return {"state": {}, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over settings that `state_dict` gave."""
        for group, saved in zip(self.param_groups, state_dict["param_groups"], strict=True):
            group.update({key: value for key, value in saved.items() if key != "params"})

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Train these parameters, too."""
        params = param_group["params"]
        listed = [params] if isinstance(params, torch.Tensor) else list(params)
        self.param_groups.append({**self.defaults, **param_group, "params": listed})
