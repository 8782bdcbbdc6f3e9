"""A tensor without a history.

Shows: The right number without a history.
Says: The number is right, but it is cut off from where it came, so no gradient can flow back. detach(), .data,
.item(), torch.tensor(), NumPy and torch.no_grad() do that.
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().detach()
