"""Counted from one, and one is added.

Shows: The parameters are right; the line for 10 comes after 9 epochs.
Says: The training is right, but each line comes an epoch too early: one is added to epochs that are counted from 1
already.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")
