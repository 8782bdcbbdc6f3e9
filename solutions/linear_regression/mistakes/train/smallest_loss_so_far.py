"""The list holds the smallest loss so far.

Shows: Where the loss rises, the list repeats the smallest one.
Says: Where the loss rises, your list repeats a smaller one from before. Note the loss of each epoch as it is: a loss
that rises is what tells of steps that are too large.
Lesson: the-learning-rate
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    best = float("inf")
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        best = min(best, loss.item())
        losses.append(best)
        loss.backward()
        gradient_step(w, b, lr)
    return losses
