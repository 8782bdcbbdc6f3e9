"""The batches hold float64 numbers.

Shows: Right values, but every dtype is float64.
Says: The batches hold float64 numbers, but float32 tensors were given, and a layer of float32 weights refuses to
mix the two. Leave the numbers as they are.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs.double(), targets.double()), batch_size=batch_size, shuffle=shuffle)
