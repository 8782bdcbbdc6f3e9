"""Each step is taken with the gradients of the batch before.

Shows: One step too few, and each a batch late; nothing at all for one batch.
Says: Each step uses the gradients of the batch before, as it comes ahead of the backward pass; the first one has
none. The order is: backward, then step.
Lesson: the-optimizer
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            opt.step()
            opt.zero_grad()
            loss.backward()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
