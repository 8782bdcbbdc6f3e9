"""Returns w and b.

Shows: Two tensors; they are right.
Says: w and b came back, but the caller has them already: they were changed in place. Return the list of losses, and
nothing else.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
    return w, b
