"""Another optimizer.

Shows: Every number moves by about lr in the first epoch.
Says: All numbers moved by nearly the same amount, large gradient or small: that is what the optimizer Adam does. The
exercise asks for plain gradient descent.
Lesson: the-optimizer
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    opt = torch.optim.Adam([w, b], lr=lr)
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return losses
