"""zero() in place of zero_().

Shows: AttributeError: 'Tensor' object has no attribute 'zero'.
Says: Tensors have no method zero(). PyTorch's methods that change a tensor in place end with an underscore.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero()
        b.grad.zero()
