"""The notebook's loader, whatever it is given.

Shows: The parameters of a training on the lesson's five rows, or a RuntimeError about shapes.
Says: The function uses a variable from outside instead of one of its parameters. Everything it needs is in its
parameter list: check each name against it.
Lesson: fit
"""

import torch
from torch.utils.data import DataLoader, TensorDataset

inputs = torch.tensor([[73.0, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]])
targets = torch.tensor([[56.0, 70], [81, 101], [119, 133], [22, 37], [103, 119]])
train_dl = DataLoader(TensorDataset(inputs, targets), batch_size=5)


def fit(num_epochs, model, loss_fn, opt, loader):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
