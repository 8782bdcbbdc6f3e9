"""The tensor is printed, not its number.

Shows: The parameters are right; lines with tensor(68.7956, grad_fn=...).
Says: The training is right, but the line shows the loss as a tensor. Take the number out of it, and show four
decimals.
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
            print(f"Epoch [{epoch}/{num_epochs}], Loss:", loss)
