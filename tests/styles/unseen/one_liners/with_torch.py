"""As short as it gets."""
import torch
from torch.utils.data import *


def make_loader(x, y, bs=5, sh=True): return DataLoader([*zip(x, y)], bs, sh)
def fit(n, m, f, o, d):
    for e in range(n):
        for x, y in d: o.zero_grad(); l = f(m(x), y); l.backward(); o.step()
        if e % 10 == 9: print(f"Epoch [{e+1}/{n}], Loss: {l:.4f}")
def predict(m, r): return m(torch.tensor([*r]).float()[None]).data[0]
