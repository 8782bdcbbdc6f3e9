""".item() before backward.

Shows: AttributeError: 'float' object has no attribute 'backward'.
Says: backward() was called on a plain number, which has no gradients. Keep the loss a tensor until then, and take the
number out only for printing.
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
