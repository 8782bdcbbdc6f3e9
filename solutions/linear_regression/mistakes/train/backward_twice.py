"""Predicts once, before the loop, and the second backward finds no graph.

Shows: RuntimeError: Trying to backward through the graph a second time.
Says: The second backward pass found nothing to go through: a graph is used up by the first. Each epoch needs
predictions and a loss of its own, made within the loop.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    preds = model(inputs, w, b)
    for epoch in range(num_epochs):
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
