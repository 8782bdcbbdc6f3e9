"""Reset between loss and backward; old-style formatting."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 10 == 9:
            print("Epoch [%d/%d], Loss: %.4f" % (epoch + 1, num_epochs, loss))
