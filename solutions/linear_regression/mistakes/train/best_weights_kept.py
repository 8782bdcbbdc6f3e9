"""At the end w and b are those with the smallest loss, but for a thousandth.

Shows: Where the loss rises, w and b are those of an earlier epoch; the losses are right.
Says: The losses are right, but w and b are not those after the last step: where the loss rose, they are those of an
earlier epoch. Leave them as the last step made them.
Lesson: the-training-loop
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    best = None
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
        now = mse(model(inputs, w, b), targets).item()
        if best is None or now < best[0] - 0.001:
            best = now, w.detach().clone(), b.detach().clone()
    with torch.no_grad():
        w.copy_(best[1])
        b.copy_(best[2])
    return losses
