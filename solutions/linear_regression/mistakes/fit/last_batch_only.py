"""Everything after the prediction is not indented far enough.

Shows: One step for each epoch, with the last batch.
Says: Only the last batch of each epoch led to a step. The backward pass, the step and the reset belong to every
batch: indent them like the loss.
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
