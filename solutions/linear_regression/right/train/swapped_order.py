"""The loss is given targets first, and the model's function is given by name."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    history = torch.empty(num_epochs)
    for i in range(num_epochs):
        predictions = model(x=inputs, w=w, b=b)
        error = mse(targets, predictions)
        history[i] = error.detach()
        error.backward()
        gradient_step(w, b, lr)
    return history.tolist()
