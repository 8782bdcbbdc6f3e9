"""Returns nested, quantized, complex and named tensors in turn."""

import warnings

KINDS = [
    lambda y: torch.quantize_per_tensor(y.detach(), 0.1, 0, torch.quint8),
    lambda y: torch.complex(y, torch.zeros_like(y)),
    lambda y: torch.nested.nested_tensor([y.detach(), y.detach()]),
    lambda y: y.detach().refine_names("a", "b"),
    lambda y: torch.complex(y, y).conj().imag,
    lambda y: y.to(torch.bfloat16),
    lambda y: y.to(torch.float8_e4m3fn),
    lambda y: torch.empty(0),
]


def model(x, w, b):
    warnings.simplefilter("ignore")
    KINDS.append(KINDS.pop(0))
    return KINDS[0](x @ w.t() + b)
