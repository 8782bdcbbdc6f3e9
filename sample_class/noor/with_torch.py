import torch
from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    # a list of pairs works as a dataset too
    return DataLoader(list(zip(inputs, targets)), batch_size=batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for xb, yb in train_dl:
            pred = model(xb)
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            print('Epoch [{}/{}], Loss: {:.4f}'.format(epoch + 1, num_epochs, loss.item()))


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0]
