"""A DataLoader of one's own."""

from torch.utils.data import DataLoader, TensorDataset


class PairLoader(DataLoader):
    def __init__(self, *tensors, **options):
        super().__init__(TensorDataset(*tensors), **options)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return PairLoader(inputs, targets, batch_size=batch_size, shuffle=shuffle)
