"""Accuracy by predictions put together; training with the best kept by deepcopy."""

import copy

import numpy as np


def compute_acc(model, x, y, batch_size=100):
    predictions = []
    for i in range(int(np.ceil(len(y) / float(batch_size)))):
        scores = model.forward(x[i * batch_size : (i + 1) * batch_size])
        predictions.extend(np.argmax(scores, axis=1).tolist())
    return np.mean(np.array(predictions) == y)


def train_net(
    data_dict, model, loss_func, optimizer, batch_size, max_epochs, lr_decay=1.0,
    lr_decay_every=1000, show_every=10, verbose=False,
):  # fmt: skip
    progress = Progress(max_epochs, show_every, verbose)
    x_train, y_train = data_dict["data_train"]
    x_val, y_val = data_dict["data_val"]
    batches = MiniBatches(x_train, y_train, batch_size)
    loss_hist, train_acc_hist, val_acc_hist = [], [], []
    best, opt_params = None, None
    for epoch in range(max_epochs):
        for _ in range(batches.per_epoch):
            x, y = batches.draw()
            loss = loss_func.forward(model.forward(x, training=True), y)
            loss_hist.append(float(loss))
            model.backward(loss_func.backward())
            optimizer.step()
            progress.iteration(loss_hist)
        train_acc_hist.append(float(compute_acc(model, x_train, y_train)))
        val_acc_hist.append(float(compute_acc(model, x_val, y_val)))
        progress.epoch(train_acc_hist, val_acc_hist)
        if best is None or val_acc_hist[-1] > best:
            best = val_acc_hist[-1]
            opt_params = copy.deepcopy(dict(model.net.params))
        if (epoch + 1) % lr_decay_every == 0:
            optimizer.lr = optimizer.lr * lr_decay
    return opt_params, loss_hist, train_acc_hist, val_acc_hist
