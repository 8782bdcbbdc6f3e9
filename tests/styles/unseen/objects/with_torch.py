"""Objects again, one of them a loader of its own."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, inputs, targets):
        assert len(inputs) == len(targets)
        self.inputs, self.targets = inputs, targets

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, number):
        return self.inputs[number], self.targets[number]


class Loader(DataLoader):
    def __init__(self, inputs, targets, **options):
        super().__init__(Rows(inputs, targets), **options)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return Loader(inputs, targets, batch_size=batch_size, shuffle=shuffle, drop_last=False)


class Trainer:
    def __init__(self, model, loss_fn, opt):
        self.model, self.loss_fn, self.opt, self.loss = model, loss_fn, opt, None

    def batch(self, x, y):
        self.loss = self.loss_fn(self.model(x), y)
        self.model.zero_grad()
        self.loss.backward()
        self.opt.step()

    def report(self, epoch, of):
        print(f"Epoch [{epoch}/{of}], Loss: {self.loss.item():.4f}")


def fit(num_epochs, model, loss_fn, opt, train_dl):
    trainer = Trainer(model, loss_fn, opt)
    for epoch in range(num_epochs):
        for x, y in train_dl:
            trainer.batch(x, y)
        (epoch + 1) % 10 == 0 and trainer.report(epoch + 1, num_epochs)
    return trainer


class Frozen(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, numbers):
        with torch.inference_mode():
            return self.inner(numbers)


def predict(model, region):
    return Frozen(model)(torch.tensor(list(region), dtype=torch.float)[None]).flatten().clone()
