"""SGD with momentum, as often copied.

Shows: The first two losses are right; from then on the steps are too large.
Says: Each step takes part of the last one along: that is momentum. The exercise asks for plain gradient descent, with
the gradient of this epoch only.
Lesson: the-optimizer
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    opt = torch.optim.SGD([w, b], lr=lr, momentum=0.9)
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses
