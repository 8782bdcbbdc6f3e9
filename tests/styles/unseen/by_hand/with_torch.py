"""Indexes, and nothing that would do the work."""

import torch
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, SequentialSampler, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    rows = TensorDataset(inputs, targets)
    order = RandomSampler(rows) if shuffle else SequentialSampler(rows)
    return DataLoader(rows, batch_sampler=BatchSampler(order, batch_size, False))


def fit(num_epochs, model, loss_fn, opt, train_dl):
    opt.zero_grad(set_to_none=False)
    epoch = 0
    while epoch < num_epochs:
        epoch += 1
        for batch in iter(train_dl):
            x = batch[0]
            y = batch[1]
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            for group in opt.param_groups:
                for parameter in group["params"]:
                    parameter.grad = None
        if str(epoch).endswith("0"):
            print("Epoch [" + str(epoch) + "/" + str(num_epochs) + "], Loss: " + format(loss.item(), ".4f"))


def predict(model, region):
    temperature, rainfall, humidity = (float(number) for number in region)
    batch = torch.tensor([[temperature, rainfall, humidity]])
    apples, oranges = model(batch).detach()[0]
    return torch.stack([apples, oranges])
