"""Returns the last loss, not a list.

Shows: A float; w and b are right.
Says: Only the last loss came back. Keep the loss of every epoch in a list, and return the list.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
    return loss.item()
