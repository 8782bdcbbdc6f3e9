"""Prints the mean over the batches, not the last batch's loss."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        losses = []
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            losses.append(loss.item())
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {sum(losses) / len(losses):.4f}")
