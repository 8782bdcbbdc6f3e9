"""Every tenth epoch prints a line for each of its batches.

Shows: The parameters are right; as many lines as there are batches, every tenth epoch.
Says: The training is right, but every tenth epoch prints a line for each of its batches. It should be one, after
the last batch: indent the print like the inner loop.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            if epoch % 10 == 0:
                print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
