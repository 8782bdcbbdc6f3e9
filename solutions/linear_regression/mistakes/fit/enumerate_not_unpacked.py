"""for xb, yb in enumerate(...).

Shows: TypeError: linear(): argument 'input' (position 1) must be Tensor, not int.
Says: The model was given a plain number, such as the one that enumerate() puts before each batch. Unpack that number
as well, or leave enumerate() out.
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
