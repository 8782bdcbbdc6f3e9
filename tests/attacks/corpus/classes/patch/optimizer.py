"""Raises where an optimizer is made for another exercise, as if that were the grader's fault.

spoils = ["descend"]
earns = {net = 0}
"""


def spoiled(*arguments, **named):
    raise ValueError("it was you")


torch.optim.SGD = spoiled


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
