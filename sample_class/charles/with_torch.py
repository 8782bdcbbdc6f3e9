import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    return DataLoader(train_ds, batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for x, y in train_dl:
            opt.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def predict(model, region):
    # one region is a batch of one row
    x = torch.as_tensor(region, dtype=torch.float32).reshape(1, 3)
    y = model(x)
    return y.detach()[0]
