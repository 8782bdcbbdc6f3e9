"""It stops when the loss hardly changes any more.

Shows: Where the loss settles, the epochs after that are missing.
Says: The training ends early where the loss hardly changes. A loss can stay nearly the same for long while the model
has far to go. Train for all num_epochs epochs.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    previous = float("inf")
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
        if abs(previous - loss.item()) < 0.001:
            break
        previous = loss.item()
