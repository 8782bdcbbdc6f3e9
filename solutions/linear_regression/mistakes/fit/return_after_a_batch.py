"""return in the inner loop: it ends after the first batch.

Shows: One batch, and nothing printed.
Says: Training ended after the first batch. A return within the inner loop ends everything: put it below both loops,
or leave it out.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            return loss
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
