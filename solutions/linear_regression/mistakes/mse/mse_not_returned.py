"""The loss is computed and not returned.

Shows: None.
Says: Nothing came back: the loss was computed and then dropped. Return it.
Lesson: the-loss
"""


def mse(t1, t2):
    loss = ((t1 - t2) ** 2).mean()
