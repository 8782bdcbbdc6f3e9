"""The loss is computed and not returned.

Shows: None.
Says: Nothing came back. What a function computes is gone when it ends, unless it is returned: return the loss.
Lesson: the-loss
"""


def mse(t1, t2):
    loss = ((t1 - t2) ** 2).mean()
