"""Trains for one epoch, whatever it is asked for."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for x, y in train_dl:
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
