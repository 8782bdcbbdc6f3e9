""".item() before backward.

Shows: AttributeError: 'float' object has no attribute 'backward'.
Says: The loss is a plain number by the time of the backward pass, and a number has no way back. Keep the tensor for
that, and take the number out for the list only.
Lesson: gradients
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets).item()
        losses.append(loss)
        loss.backward()
        gradient_step(w, b, lr)
    return losses
