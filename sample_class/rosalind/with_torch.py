import torch
from torch.utils.data import DataLoader, TensorDataset

import from_scratch


class Report:
    """Prints the line for every tenth epoch."""

    def __init__(self, num_epochs):
        self.num_epochs = num_epochs

    def __call__(self, epoch, loss):
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{self.num_epochs}], Loss: {loss.item():.4f}")


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    def collate(pairs):
        xs, ys = zip(*pairs)
        return torch.stack(xs), torch.stack(ys)

    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle, collate_fn=collate)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    report = Report(num_epochs)
    for epoch in range(1, num_epochs + 1):
        for x, y in train_dl:
            opt.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
        report(epoch, loss)


def predict(model, region):
    row = from_scratch.float_tensor(torch.tensor([list(region)], dtype=torch.float64).numpy())
    with torch.no_grad():
        return model(row).reshape(-1)
