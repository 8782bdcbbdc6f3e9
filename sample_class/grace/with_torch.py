import torch
import torch.utils.data as data


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = data.TensorDataset(inputs, targets)
    if shuffle:
        sampler = data.RandomSampler(dataset)
    else:
        sampler = data.SequentialSampler(dataset)
    return data.DataLoader(dataset, batch_size=batch_size, sampler=sampler)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for batch in train_dl:
            opt.zero_grad()
            loss = loss_fn(model(batch[0]), batch[1])
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print("Epoch [%d/%d], Loss: %.4f" % (epoch, num_epochs, loss.item()))


@torch.no_grad()
def predict(model, region):
    batch = torch.unsqueeze(torch.as_tensor(region, dtype=torch.float32), 0)
    return torch.squeeze(model(batch), 0)
