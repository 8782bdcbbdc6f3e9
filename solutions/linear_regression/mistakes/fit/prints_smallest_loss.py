"""The smallest loss so far is printed.

Shows: The parameters are right; where the loss rises, the printed one is smaller.
Says: The training is right, but the printed loss is a smaller one from before. The exercise asks for the last batch's,
also when it has risen.
Lesson: the-noisy-loss
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    best = float("inf")
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            best = min(best, loss.item())
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {best:.4f}")
