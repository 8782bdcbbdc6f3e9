"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`.
Says: The function uses names from outside of it, and not the data that it is given. Use the names that stand in its
first line.
Lesson: the-training-loop
"""


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
