"""return is indented too far: it ends after the first epoch.

Shows: One epoch, and nothing printed.
Says: Training ended after the first epoch. A return or break within the loop ends it in its first round: put a return
below the loop, or leave it out.
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
        return model
