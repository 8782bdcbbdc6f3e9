"""The new values pass through float16.

Shows: Right to three digits.
Says: The new values are right to three or four digits only: on the way, the numbers were float16. Small steps get
lost like this, so compute in float32.
Lesson: the-update-step
"""


def gradient_step(w, b, lr):
    for p in (w, b):
        p.data = (p.data.half() - lr * p.grad.half()).float()
        p.grad = None
