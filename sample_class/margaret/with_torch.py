import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    return DataLoader(train_ds, batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for batch in train_dl:
            inputs, targets = batch
            loss = loss_fn(model(inputs), targets)
            model.zero_grad()
            loss.backward()
            opt.step()
        # only every tenth epoch
        if not epoch % 10:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


@torch.no_grad()
def predict(model, region):
    batch = torch.Tensor([[float(number) for number in region]])
    return model(batch).flatten()
