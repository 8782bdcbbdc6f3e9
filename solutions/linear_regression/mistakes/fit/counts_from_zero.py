"""Lines for the epochs 0, 10, 20, ...

Shows: The parameters are right; the first line tells of epoch 0, and the last of none.
Says: The training is right, but the epochs are counted from 0, so that the first line comes after one epoch.
Counted from 1, the lines are for 10, 20, 30.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
