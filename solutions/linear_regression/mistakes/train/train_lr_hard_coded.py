"""The learning rate is the lesson's, whatever it was given.

Shows: Right at lr = 1e-5; at others it trains as at that one.
Says: The function trains at the same rate, whatever learning rate is given. Use the argument lr, not a number of your
own.
Lesson: the-learning-rate
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, 1e-5)
    return losses
