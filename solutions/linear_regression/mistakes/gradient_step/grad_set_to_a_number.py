"""w.grad = 0.

Shows: TypeError: assigned grad expected to be a Tensor or None but got grad of type 'int'.
Says: A gradient can't be replaced by the number 0: .grad holds a tensor or None. Set it to None, or fill the tensor
that is there with zeros.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = 0
    b.grad = 0
