"""Gradients add up from batch to batch.

Shows: The first step is right; from then on the steps grow.
Says: The gradients are never reset, so that those of all batches add up and the steps go wrong. That the loss falls
all the same proves nothing: reset them for every batch.
Lesson: why-gradients-add-up
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
