"""range(1, num_epochs) leaves out the last epoch.

Shows: One epoch too few; its line is missing.
Says: One epoch is missing. A loop over range(1, n), for one, has n - 1 rounds: to count from 1 to n, end the range at
n + 1.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
