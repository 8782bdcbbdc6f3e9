"""Gradients asked for and handed to the parameters."""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    parameters = [p for group in opt.param_groups for p in group["params"]]
    for epoch in range(num_epochs):
        for x, y in train_dl:
            loss = loss_fn(model(x), y)
            for p, grad in zip(parameters, torch.autograd.grad(loss, parameters)):
                p.grad = grad
            opt.step()
        if (epoch + 1) % 10 == 0:
            print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")
