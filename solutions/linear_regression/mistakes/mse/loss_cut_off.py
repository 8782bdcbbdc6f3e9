"""A tensor without a history.

Shows: The right number without a history.
Says: The number is right, but it is cut off from where it came, so no gradient can flow back. Something on the way
loses it: detach(), .data, .item() or torch.no_grad().
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().detach()
