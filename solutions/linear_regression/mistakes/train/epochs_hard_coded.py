"""100 epochs, whatever it was given.

Shows: Always 100 losses.
Says: The function trains for the same number of epochs, whatever number is given. Use the argument num_epochs.
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
