"""Digits with PyTorch's own parts: a dataset, a module, its training, and a look at its mistakes."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import Dataset


class Digits(Dataset):
    """Images with their labels, one by one, for a DataLoader."""

    def __init__(self, images, labels):
        """Keep the images and the labels.

        images: array (n, height, width) with numbers from 0 to 16, of any number type;
        labels: array (n,) of whole numbers, of any number type.
        """
        # TODO: write your code here, in place of the next line.
        raise NotImplementedError("Digits.__init__ is still to do")

    def __len__(self):
        """How many images there are: an int."""
        # TODO: write your code here, in place of the next line.
        raise NotImplementedError("Digits.__len__ is still to do")

    def __getitem__(self, index):
        """The image with this number, from 0, and its label: a pair of tensors.

        The image is a row, float32, of shape (height * width,), divided by 16; the label is an
        int64 tensor without dimensions.

        >>> Digits(numpy.array([[[0, 4], [8, 16]]]), numpy.array([7]))[0]
        (tensor([0.0000, 0.2500, 0.5000, 1.0000]), tensor(7))
        """
        # TODO: write your code here, in place of the next line.
        raise NotImplementedError("Digits.__getitem__ is still to do")


class SoftmaxRegression(nn.Module):
    """A score for each class: one linear layer, which is the attribute `linear`."""

    def __init__(self, features, classes):
        """Make the layer, an nn.Linear from features to classes. Its weights and its biases begin at zero."""
        super().__init__()
        # TODO: write your code here, in place of the next line.
        raise NotImplementedError("SoftmaxRegression.__init__ is still to do")

    def forward(self, x):
        """The scores of rows or images, with no softmax: F.cross_entropy takes them as they are.

        x: float32 tensor (n, features), or images (n, height, width) of as many numbers.
        Returns a tensor (n, classes), differentiable in the layer's weights and biases.

        >>> SoftmaxRegression(64, 10)(torch.rand(5, 8, 8)).shape
        torch.Size([5, 10])
        """
        # TODO: write your code here, in place of the next line.
        raise NotImplementedError("SoftmaxRegression.forward is still to do")


def evaluate(model, loader):
    """Measure a model on all rows that a loader gives, without training it.

    model: gives scores (n, k) for a batch of inputs; loader: gives batches (x, y), y int64 labels.
    Returns two Python floats: the cross-entropy and the accuracy, both as means over all rows,
    so that a row counts the same in a small batch as in a large one.

    >>> evaluate(SoftmaxRegression(64, 10), DataLoader(Digits(images, labels), 100))
    (2.302585..., 0.099053...)
    """
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("evaluate is still to do")


def fit(model, opt, train_dl, validation_dl, num_epochs):
    """Train a model, and measure it after each epoch.

    model: gives scores (n, k); opt: an optimizer of its parameters; train_dl, validation_dl: give
    batches (x, y); num_epochs: how many times to go through train_dl.
    For each batch of train_dl: predict, F.cross_entropy, backward, step, reset.
    Returns the history, a list with a pair of Python floats for each epoch: the mean training loss
    (of all rows of the epoch, each measured with its batch, before that batch's step) and the
    accuracy on validation_dl after the epoch.

    >>> fit(net, opt, train_dl, validation_dl, 2)
    [(1.36..., 0.873...), (0.61..., 0.916...)]
    """
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("fit is still to do")


def confusion(predicted, y, k):
    """Count which class was taken for which.

    predicted, y: int64 tensors (n,), classes from 0 to k - 1; k: how many classes there are.
    Returns an int64 tensor (k, k). The number in row i and column j says how often a row whose
    label is i was predicted to be j.

    >>> confusion(torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0]), 2)
    tensor([[1, 1],
            [0, 1]])
    """
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("confusion is still to do")


def worst(s, y, count):
    """Find the mistakes that the model was surest of.

    s: float tensor (n, k), scores; y: int64 labels (n,); count: how many to give.
    Returns an int64 tensor with the numbers of the rows whose label hasn't the highest score: first
    the one to whose predicted class the softmax gives the highest probability, then the second, and
    so on; count of them, or all, where there are fewer.

    >>> worst(torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]]), torch.tensor([1, 0, 0]), 5)
    tensor([0, 1])
    """
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("worst is still to do")


def save_and_load(model, fresh, file):
    """Save what a model has learned to a file, and load it into another model.

    model: a trained nn.Module, which stays as it is; fresh: one of the same form, changed in place;
    file: an empty file, open for writing and reading, such as io.BytesIO().
    Afterwards file holds the model's state_dict, and the parameters of fresh are those in file.
    Returns how many bytes the file has: an int.

    >>> save_and_load(nn.Linear(2, 1), nn.Linear(2, 1), io.BytesIO()) > 12
    True
    """
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("save_and_load is still to do")
