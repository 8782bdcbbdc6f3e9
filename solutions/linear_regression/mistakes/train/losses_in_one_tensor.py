"""One tensor with all the losses.

Shows: A tensor of shape (num_epochs,); w and b are right.
Says: The losses came in a tensor or an array. The exercise asks for a plain list of Python numbers.
Lesson: the-training-loop
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = torch.zeros(num_epochs)
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses[epoch] = loss.item()
        loss.backward()
        gradient_step(w, b, lr)
    return losses
