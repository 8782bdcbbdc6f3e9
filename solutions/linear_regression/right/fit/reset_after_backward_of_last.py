"""Reset twice, before the batch and after it: more often than needed, but right."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    opt.zero_grad()
    for epoch in range(1, num_epochs + 1):
        last = None
        for xb, yb in train_dl:
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            last = loss.detach()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {last:.4f}")
