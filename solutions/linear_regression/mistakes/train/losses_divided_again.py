"""Each loss is divided by the number of rows, though it is a mean.

Shows: w and b are right, the losses too small by a factor of n.
Says: w and b are right, but the losses are divided by the number of rows. Each is a mean already: note it as it is.
Lesson: the-loss
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item() / len(inputs))
        loss.backward()
        gradient_step(w, b, lr)
    return losses
