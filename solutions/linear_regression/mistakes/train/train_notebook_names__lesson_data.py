"""The module has the lesson's data."""

import torch

x_train = torch.tensor([[73.0, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]])
y_train = torch.tensor([[56.0, 70], [81, 101], [119, 133], [22, 37], [103, 119]])


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(x_train, w, b), y_train)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
