"""zero_grad, which optimizers and models have.

Shows: AttributeError: 'Tensor' object has no attribute 'zero_grad'.
Says: A tensor has no zero_grad(): optimizers and models do. Here it is the tensor's .grad that has to become zero,
or None.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.zero_grad()
    b.zero_grad()
