"""Lines of another form.

Shows: The parameters are right; lines that don't start with `Epoch [`.
Says: The training is right, but no line reads like the one in the exercise, sign by sign, brackets included.
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
            print(f"Epoch {epoch}, loss {loss.item():.4f}")
