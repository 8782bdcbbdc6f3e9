"""An optimizer of its own is made.

Shows: Steps of plain gradient descent at 1e-5, whatever the optimizer.
Says: The steps are always those of plain gradient descent at one fixed rate, whatever optimizer is given. Let the
given one take the steps.
Lesson: the-optimizer
"""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    opt = torch.optim.SGD(model.parameters(), lr=1e-5)
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
