"""The model is given yb.

Shows: A RuntimeError about shapes, or, with as many inputs as targets, other parameters.
Says: The model was given the targets, and the loss the inputs. Each batch is a pair, inputs first: look at which
name goes where.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(yb), xb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
