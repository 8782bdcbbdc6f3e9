"""100 epochs, whatever it was given.

Shows: Always 100 losses.
Says: It trains for the same number of epochs, whatever number is given. Let the argument num_epochs decide.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(100):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
