"""for xb, yb in enumerate(...).

Shows: TypeError: linear(): argument 'input' (position 1) must be Tensor, not int.
Says: enumerate() puts a number before each batch, so that the model was given the number. Unpack the number as
well, or leave enumerate() out.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in enumerate(train_dl):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
