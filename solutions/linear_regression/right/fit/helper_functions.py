"""A batch and an epoch are functions of their own."""


def train_batch(model, loss_fn, opt, xb, yb):
    loss = loss_fn(model(xb), yb)
    loss.backward()
    opt.step()
    opt.zero_grad(set_to_none=False)
    return loss.item()


def train_epoch(model, loss_fn, opt, train_dl):
    return [train_batch(model, loss_fn, opt, xb, yb) for xb, yb in train_dl]


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        losses = train_epoch(model, loss_fn, opt, train_dl)
        if epoch % 10 == 9:
            print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {losses[-1]:.4f}")
