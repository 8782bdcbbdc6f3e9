"""A line for each epoch.

Shows: The parameters are right; ten times as many lines as asked for.
Says: The training is right, but it prints a line after every epoch. Print only when the epoch number is divisible by
10.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
