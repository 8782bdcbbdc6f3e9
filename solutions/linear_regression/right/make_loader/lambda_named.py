"""A lambda with a name."""

from torch.utils.data import DataLoader, TensorDataset

make_loader = lambda inputs, targets, batch_size=5, shuffle=True: DataLoader(
    TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle
)
