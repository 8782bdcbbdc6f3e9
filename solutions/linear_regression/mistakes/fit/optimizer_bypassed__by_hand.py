"""The steps are taken by hand at the optimizer's rate."""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= opt.param_groups[0]["lr"] * p.grad
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
