"""After the step the tensors no longer want gradients.

Shows: Right values; requires_grad is False afterwards.
Says: The step is right, but afterwards w and b don't require gradients any more, and the next backward pass gives
them none. Switch the recording off for the step, not for good.
Lesson: the-update-step
"""


def gradient_step(w, b, lr):
    for p in (w, b):
        p.requires_grad_(False)
        p -= lr * p.grad
        p.grad.zero_()
