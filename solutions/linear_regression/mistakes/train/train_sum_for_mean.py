"""The sum of the squares is minimised.

Shows: Losses and steps are too large by a factor of the number of elements.
Says: The losses are sums of squares, and the steps are as much too large. Minimise the mean squared error instead.
Lesson: the-loss
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = ((model(inputs, w, b) - targets) ** 2).sum()
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
