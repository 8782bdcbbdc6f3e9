"""Everything is an expression, put together from small functions."""

from functools import partial, reduce
from operator import add, mul

import torch

float32 = partial(torch.asarray, dtype=torch.float32)
to_tensors = lambda *arrays: tuple(map(float32, arrays))
dot = lambda xs, ws: reduce(add, map(mul, xs.unbind(-1), ws.unbind(-1)))
model = lambda x, w, b: torch.stack([dot(x, row) + bias for row, bias in zip(w, b)], dim=-1)
mse = lambda one, other: (lambda d: (d @ d) / d.shape[0])((one - other).flatten())


def gradient_step(*everything):
    *parameters, lr = everything
    with torch.no_grad():
        [(p.add_(p.grad, alpha=-lr), setattr(p, "grad", None)) for p in parameters]


def train(inputs, targets, w, b, lr, num_epochs):
    def epoch(_):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        return loss.detach().item()

    return list(map(epoch, range(num_epochs)))
