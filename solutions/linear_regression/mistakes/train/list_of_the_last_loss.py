"""A new list in every epoch.

Shows: A list of one loss, the last; w and b are right.
Says: The list holds the last epoch's loss only. Make the list once, before the loop, and append to it within the
loop.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    for epoch in range(num_epochs):
        losses = []
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
