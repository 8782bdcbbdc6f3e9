import torch
from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    pairs = []
    for i in range(len(inputs)):
        pairs.append((inputs[i], targets[i]))
    return DataLoader(pairs, batch_size=batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    epoch = 0
    while epoch < num_epochs:
        epoch = epoch + 1
        for x, y in train_dl:
            for p in model.parameters():
                p.grad = None
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            last_loss = loss.item()
        if epoch % 10 == 0:
            print("Epoch [" + str(epoch) + "/" + str(num_epochs) + "], Loss: " + format(last_loss, ".4f"))


def predict(model, region):
    batch = torch.zeros(1, 3)
    for i in range(3):
        batch[0, i] = float(region[i])
    answer = model(batch)
    return torch.tensor([answer[0, 0].item(), answer[0, 1].item()])
