"""At most 50 epochs.

Shows: With more than 50 epochs, 50 losses; with fewer all is right.
Says: However large num_epochs is, the training ends after a fixed number of epochs. Train for num_epochs epochs.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(min(num_epochs, 50)):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
