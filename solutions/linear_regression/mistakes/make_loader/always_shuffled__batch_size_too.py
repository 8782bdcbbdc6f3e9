"""Neither argument is passed on."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    return DataLoader(train_ds, 5, shuffle=True)
