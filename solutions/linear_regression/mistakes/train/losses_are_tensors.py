"""The tensors themselves are kept.

Shows: A list of tensors; w and b are right.
Says: The list holds tensors, not Python numbers, and each keeps its whole graph in memory. Take the number out of
each loss with .item().
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss)
        loss.backward()
        gradient_step(w, b, lr)
    return losses
