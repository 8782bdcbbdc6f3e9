"""What the checks of PyTorch's own parts are made of: models, loaders and optimizers as recipes."""

from grader.checks import Build, Parameters


def linear(draw, d, k, size=1.0):
    return Build("torch.nn.Linear", (d, k), state={"weight": draw.tensor(k, d) * size, "bias": draw.tensor(k) * size})


def loader(x, y, batch_size, **more):
    return Build("torch.utils.data.DataLoader", (Build("torch.utils.data.TensorDataset", (x, y)), batch_size), more)


def sgd(model, lr, **more):
    return Build("torch.optim.SGD", (Parameters(model),), {"lr": lr, **more})
