""".item() before backward.

Shows: AttributeError: 'float' object has no attribute 'backward'.
Says: backward() was called on a plain number, which has no gradients. Keep the loss a tensor until then, and take the
number out only for the list.
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
