import torch
from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    # a list of pairs works as a dataset too
    return DataLoader(list(zip(inputs, targets)), batch_size=batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        opt.zero_grad()  # start the epoch afresh
        for x, y in train_dl:
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0]
