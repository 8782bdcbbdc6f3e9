"""Returns a prediction that still hangs on its graph.

earns = {predict = 1}
"""


def predict(model, region):
    return model(torch.tensor([list(map(float, region))]))[0]
