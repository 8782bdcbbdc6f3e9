"""Does a function ignore the device of its arguments? Asked without a GPU, with torch's pretended tensors.

A forward pass on `FakeTensorMode`'s cuda tensors names a mixture of devices on any machine. Other things fail there
for want of a GPU (reading values, autograd, which even ends the process): they mean unknown, not wrong.
"""

from __future__ import annotations

from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from grader.wire.messages import Call, Raised, Reply
from grader.wire.plain import Array
from grader.worker.modules import LearnerModules

MIXED = "FakeTensorDeviceMismatchError"


def pretend(call: Call, modules: LearnerModules, stop: tuple[type[BaseException], ...]) -> Reply | Raised:
    """Run a call on pretended cuda tensors. The reply's value is the device type of what was returned, or None; a
    mixture of devices is a `Raised` whose type is `MIXED`; any other `Raised` means that nothing is known."""
    function = modules.function(call.module, call.function, stop)
    if isinstance(function, Raised):
        return function
    try:
        with torch.no_grad(), FakeTensorMode():
            value = function(*(_pretended(arg) for arg in call.args))
            return Reply(value.device.type if isinstance(value, torch.Tensor) else None)
    except stop as error:
        return modules.raised("call", error)


def _pretended(value: Any) -> Any:
    if not isinstance(value, Array):
        return value
    if value.kind != "tensor":
        raise ValueError("only tensors can be pretended")
    tensor = torch.empty(value.shape, dtype=getattr(torch, value.dtype), device="cuda")
    if value.grad is not None:
        tensor.grad = _pretended(value.grad)
    return tensor
