"""Written into a tensor of zeros, element by element."""


def model(x, w, b):
    out = x.new_zeros(len(x), len(w))
    for i in range(len(x)):
        for j in range(len(w)):
            out[i, j] = (x[i] * w[j]).sum() + b[j]
    return out
