"""A step for each row.

Shows: The first loss is right; w and b move further than one step in each epoch.
Says: A step was taken for every row. Here an epoch is one step, for all rows at once: predict all of them, and take
one loss.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        losses.append(mse(model(inputs, w, b), targets).item())
        for i in range(len(inputs)):
            loss = mse(model(inputs[i : i + 1], w, b), targets[i : i + 1])
            loss.backward()
            gradient_step(w, b, lr)
    return losses
