"""The predictions are made without recording, and backward finds no graph.

Shows: RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn.
Says: The loss is cut off from what it was computed from, so backward() can't reach the parameters. Something cut it
off: detach(), .data, .item(), torch.tensor(), NumPy and torch.no_grad() do that.
Lesson: gradients
"""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            with torch.no_grad():
                loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
