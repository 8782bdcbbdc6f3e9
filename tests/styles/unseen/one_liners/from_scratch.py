"""As short as it gets."""
import torch


def to_tensors(i, t): return torch.FloatTensor(i.astype("float32")), torch.FloatTensor(t.astype("float32"))
def model(x, w, b): return torch.mm(x, w.t()).add(b)
def mse(a, b): return torch.square(a - b).sum().div(a.numel())
def gradient_step(w, b, lr):
    for p in w, b: p.data -= p.grad * lr; p.grad.zero_()
def train(x, y, w, b, lr, n):
    out = []
    for _ in range(n): l = mse(model(x, w, b), y); l.backward(); gradient_step(w, b, lr); out.append(l.item())
    return out
