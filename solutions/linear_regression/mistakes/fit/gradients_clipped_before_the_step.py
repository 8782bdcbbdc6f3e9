"""Gradients are clipped, as often copied.

Shows: Right while the gradients are short; else shorter steps.
Says: Long gradients were shortened before the step. That is a remedy for other troubles; here the optimizer gets
the gradients as they are.
Lesson: the-optimizer
"""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
