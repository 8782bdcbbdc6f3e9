""".item() before backward.

Shows: AttributeError: 'float' object has no attribute 'backward'.
Says: The loss is a plain number by the time of the backward pass, and a number has no way back. Keep the tensor for
that, and take the number out for printing only.
Lesson: gradients
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb).item()
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss:.4f}")
