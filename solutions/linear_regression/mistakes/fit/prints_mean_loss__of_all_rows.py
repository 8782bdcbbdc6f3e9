"""Weighted by the rows of each batch."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        total, rows = 0.0, 0
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {total / rows:.4f}")
