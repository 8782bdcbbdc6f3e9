"""The list of losses is the default of a parameter.

Shows: The first call is right; each further one begins with the losses of those before.
Says: The list begins with the losses of earlier calls. A list that is made outside the function, or as the default of a
parameter, is made once and for all calls. Make a new one inside the function.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs, losses=[]):
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
