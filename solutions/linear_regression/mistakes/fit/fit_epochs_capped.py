"""At most 50 epochs.

Shows: With more than 50 epochs, those after the 50th are missing.
Says: However large num_epochs is, the training ends after a fixed number of epochs. Train for num_epochs epochs.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, min(num_epochs, 50) + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
