"""Returns losses that are tensors, a generator and a list of another kind in turn."""


class Losses(list):
    pass


def train(inputs, targets, w, b, lr, num_epochs):
    return Losses([float(num_epochs - epoch) for epoch in range(num_epochs)])
