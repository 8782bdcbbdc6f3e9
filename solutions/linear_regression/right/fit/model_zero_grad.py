"""The model resets the gradients."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    model.train()
    for epoch in range(1, num_epochs + 1):
        for inputs, targets in train_dl:
            loss = loss_fn(model(inputs), targets)
            model.zero_grad()
            loss.backward()
            opt.step()
        if not epoch % 10:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
