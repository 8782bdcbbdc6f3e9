"""Always the mean squared error.

Shows: Right for that loss; for others, other parameters and lines.
Says: The function trains with the mean squared error, whatever loss is given. Call the loss_fn that the function is
given.
Lesson: the-ready-made-loss
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = ((model(xb) - yb) ** 2).mean()
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
