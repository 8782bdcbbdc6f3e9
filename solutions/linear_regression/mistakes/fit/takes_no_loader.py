"""The loader is taken from the notebook.

Shows: TypeError: fit() takes 4 positional arguments but 5 were given.
Says: The function takes four arguments, and is given five: num_epochs, model, loss_fn, opt and train_dl. Keep the
five parameters of the exercise, so that nothing has to come from outside.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
