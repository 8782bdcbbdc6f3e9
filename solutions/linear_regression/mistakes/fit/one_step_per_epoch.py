"""step and zero_grad are not indented far enough.

Shows: One step for each epoch, with the gradients of all its batches added up.
Says: One step was taken for each epoch, with the gradients of all its batches added up. Step and reset belong to
every batch: indent them like the backward pass.
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
