"""Digits from scratch: images as rows, scores, probabilities, their loss and the training loop."""

import torch


def to_rows(images):
    """Turn images into rows of numbers that a model can work with.

    images: array of shape (n, height, width) with numbers from 0 to 16, of any number type.
    Returns a float32 tensor (n, height * width) with numbers from 0 to 1: the images, each with
    its lines one behind the other, divided by 16.

    >>> to_rows(numpy.array([[[0, 4], [8, 16]]]))
    tensor([[0.0000, 0.2500, 0.5000, 1.0000]])
    """
    ### BEGIN SOLUTION
    return torch.from_numpy(images).float().flatten(start_dim=1) / 16
    ### END SOLUTION


def split(x, y, order, n_train, n_validation):
    """Split rows and labels into three sets: for training, for validation, and for the test.

    x: tensor (n, d); y: labels (n,); order: int64 tensor (n,), each of 0 ... n - 1 once.
    Returns three pairs of tensors, ((x, y), (x, y), (x, y)): the n_train rows that come first
    in order, with their labels; the next n_validation; and all others.

    >>> x, y = torch.tensor([[0.0], [0.1], [0.2]]), torch.tensor([5, 6, 7])
    >>> split(x, y, torch.tensor([2, 0, 1]), 1, 1)[0]
    (tensor([[0.2000]]), tensor([7]))
    """
    ### BEGIN SOLUTION
    behind = n_train + n_validation
    parts = order[:n_train], order[n_train:behind], order[behind:]
    return tuple((x[part], y[part]) for part in parts)
    ### END SOLUTION


def scores(x, w, b):
    """The score of each class for each row: a weighted sum of the row's numbers, plus a bias.

    x: tensor (n, d); w: weights (k, d), one row for each class; b: biases (k,).
    Returns a tensor (n, k), differentiable in w and b.

    >>> scores(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]]), torch.tensor([0.5, 0.0]))
    tensor([[11.5000,  2.0000]])
    """
    ### BEGIN SOLUTION
    return x @ w.t() + b
    ### END SOLUTION


def softmax(s):
    """Turn each row of scores into probabilities: e to the power of each score, divided by the row's sum of these.

    s: float tensor (n, k), with scores of any size: the result is finite for a score of 1000, too.
    Returns a tensor (n, k); each row adds up to 1; differentiable in s.

    >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 0.0]]))
    tensor([[0.5000, 0.5000],
            [1.0000, 0.0000]])
    """
    ### BEGIN SOLUTION
    powers = torch.exp(s - s.amax(dim=1, keepdim=True))
    return powers / powers.sum(dim=1, keepdim=True)
    ### END SOLUTION


def cross_entropy(s, y):
    """The cross-entropy: minus the logarithm of the probability of each row's label, averaged over the rows.

    s: float tensor (n, k), scores of any size; y: int64 tensor (n,), labels from 0 to k - 1.
    The probabilities are those that softmax makes of the scores.
    Returns a tensor without dimensions; finite, even where a probability is too small for float32;
    differentiable in s.

    >>> cross_entropy(torch.tensor([[0.0, 0.0], [1000.0, 0.0]]), torch.tensor([0, 1]))
    tensor(500.3466)
    """
    ### BEGIN SOLUTION
    top = s.amax(dim=1)
    sums = torch.exp(s - top[:, None]).sum(dim=1)
    own = s[torch.arange(len(s)), y]
    return (torch.log(sums) + top - own).mean()
    ### END SOLUTION


def accuracy(s, y):
    """How many of the rows are recognised: the share of those whose label has the highest score.

    s: float tensor (n, k), scores without ties; y: int64 tensor (n,), labels.
    Returns a Python float between 0 and 1.

    >>> accuracy(torch.tensor([[0.2, 0.7], [3.0, -1.0]]), torch.tensor([1, 1]))
    0.5
    """
    ### BEGIN SOLUTION
    return (s.argmax(dim=1) == y).float().mean().item()
    ### END SOLUTION


def baseline(train_y, y):
    """The accuracy of one who never looks: always says the label that is most frequent in train_y.

    train_y, y: int64 tensors of labels, each of any length; one label is the most frequent in train_y.
    Returns a Python float: the share of y for which that is right.

    >>> baseline(torch.tensor([3, 1, 3]), torch.tensor([1, 1, 3, 1]))
    0.25
    """
    ### BEGIN SOLUTION
    most = torch.bincount(train_y).argmax()
    return (y == most).float().mean().item()
    ### END SOLUTION


def train(x, y, w, b, lr, num_epochs):
    """Train w and b by gradient descent on all rows at once, with the functions above.

    x: tensor (n, d); y: int64 labels (n,); w: (k, d) and b: (k,), leaf tensors that require
    gradients, updated in place; lr: the learning rate; num_epochs: how many steps to take.
    Returns a list of num_epochs Python floats: the cross-entropy of each epoch, before its update.

    >>> w, b = torch.zeros(10, 64, requires_grad=True), torch.zeros(10, requires_grad=True)
    >>> train(train_x, train_y, w, b, 1.0, 2)
    [2.30258..., 2.111...]
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return losses
    ### END SOLUTION
