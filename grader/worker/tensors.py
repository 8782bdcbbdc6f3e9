"""Tensors and NumPy arrays to and from their plain form."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader.wire.plain import ITEM_SIZES, Array, Opaque

_DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in ITEM_SIZES if hasattr(torch, name)}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def tensor_to_plain(tensor: torch.Tensor) -> Array | Opaque:
    """The plain form of a tensor of any device; an `Opaque` that says why for one that has none (sparse, meta, …)."""
    where = tensor.device.type
    if tensor.layout is not torch.strided or where == "meta" or tensor.dtype not in _NAMES:
        return Opaque("torch.Tensor", f"a {tensor.layout} tensor of {tensor.dtype} on {tensor.device}")
    # A Parameter is a tensor like any other; another subclass may answer whatever it likes.
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
        return Opaque(f"{type(tensor).__module__}.{type(tensor).__name__}", "a subclass of Tensor")
    grad: Array | Opaque | None = None
    if tensor.is_leaf and tensor.grad is not None:
        grad = tensor_to_plain(tensor.grad.detach())
    return Array(
        kind="tensor",
        dtype=_NAMES[tensor.dtype],
        shape=tuple(tensor.shape),
        data=_raw(tensor.detach()),
        requires_grad=tensor.requires_grad,
        grad=grad if isinstance(grad, Array) else None,
        leaf=tensor.is_leaf,
        device=where,
    )


def _raw(tensor: torch.Tensor) -> bytes:
    dense = tensor.cpu().contiguous().resolve_conj().resolve_neg()
    if dense.dtype is torch.bfloat16:  # NumPy has no such type: the same bits as 16-bit integers
        dense = dense.view(torch.int16)
    return dense.numpy().tobytes()


def array_to_plain(array: np.ndarray[Any, Any]) -> Array | Opaque:
    """The plain form of a NumPy array; an `Opaque` for dtypes that don't cross (objects, strings, dates)."""
    name = array.dtype.name
    if name not in ITEM_SIZES or name == "bfloat16":
        return Opaque("numpy.ndarray", f"an array of {name[:80]}")
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    return Array("numpy", name, tuple(array.shape), np.ascontiguousarray(native).tobytes())


def tensor_from_plain(array: Array, device: str = "cpu") -> torch.Tensor:
    """A new leaf tensor with the values, gradient and `requires_grad` of its plain form."""
    dtype = _DTYPES[array.dtype]
    if array.data:
        # A clone, and so no view: some right code works in place on the gradient in ways that views don't allow.
        tensor = torch.frombuffer(bytearray(array.data), dtype=dtype).reshape(array.shape).clone()
    else:
        tensor = torch.empty(array.shape, dtype=dtype)
    if device != "cpu":
        tensor = tensor.to(device)
    if array.requires_grad:
        tensor.requires_grad_(True)
    if array.grad is not None:
        tensor.grad = tensor_from_plain(array.grad, device)
    return tensor


def array_from_plain(array: Array) -> np.ndarray[Any, Any]:
    """A new, writable, C-contiguous NumPy array with the values of its plain form."""
    return np.frombuffer(bytearray(array.data), dtype=array.dtype).reshape(array.shape)
