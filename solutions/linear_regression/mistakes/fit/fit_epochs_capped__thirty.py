"""The loop is left after 30 epochs."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        if epoch >= 30:
            break
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")
