"""The loss after the last epoch is noted as well.

Shows: One loss too many, at the end; w and b are right.
Says: w and b are right, but there is one loss too many: the last one came after the last update. The exercise asks for
one for each epoch, before its update.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    losses.append(mse(model(inputs, w, b), targets).item())
    return losses
