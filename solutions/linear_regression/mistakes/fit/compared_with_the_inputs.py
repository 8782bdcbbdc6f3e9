"""loss_fn(model(xb), xb): the targets are not used.

Shows: A RuntimeError about shapes, or a warning; with as many inputs as targets, other parameters.
Says: The predictions were compared with the inputs, and the targets are not used at all. They are the second part
of each batch.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), xb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
