""".item() at the end.

Shows: A Python float; nothing can be differentiated.
Says: The number is right, but it is a plain Python number, and no gradient can flow back from it. Return the tensor
as it is; .item() is for printing and noting.
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().item()
