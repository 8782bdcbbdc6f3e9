"""Gradients are reset at the start of an epoch only.

Shows: Within an epoch the gradients of the batches add up; right for one batch.
Says: The gradients are reset once in an epoch, so that those of its batches add up. The loss may even fall faster,
but the steps are not what they should be: reset for every batch.
Lesson: why-gradients-add-up
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        opt.zero_grad()
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
