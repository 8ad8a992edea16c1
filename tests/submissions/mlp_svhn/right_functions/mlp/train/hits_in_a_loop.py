"""Accuracy case by case, in batches cut by min()."""


def compute_acc(model, x, y, batch_size=100):
    hits, n = 0, x.shape[0]
    start = 0
    while start < n:
        end = min(start + batch_size, n)
        for scores, label in zip(model.forward(x[start:end]), y[start:end]):
            if scores.argmax() == label:
                hits += 1
        start = end
    return hits / n
