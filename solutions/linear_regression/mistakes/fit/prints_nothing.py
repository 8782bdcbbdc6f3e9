"""Trains in silence.

Shows: The parameters are right, and nothing is printed.
Says: The training is right, but nothing is printed. After every tenth epoch there should be a line with the epoch
and the loss.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
