"""Only every tenth loss is noted.

Shows: A tenth of the losses; w and b are right.
Says: Only the loss of every tenth epoch is in the list. Printing now and then is fine; the list takes the loss of
each epoch.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        if epoch % 10 == 0:
            losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
