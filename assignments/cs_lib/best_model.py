"""The best net of your own, trained from scratch with the settings that won."""

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from cs_lib.models.mymodel import MyModel
from cs_lib.train import train_step


def train_my_model(X_train, y_train, X_val, y_val, num_epochs):
    """Train `MyModel` as well as you can.

    Parameters
    ----------
    X_train, X_val : ndarray, shape (N, 3, H, W), (N_val, 3, H, W)
        Pictures minus the mean training picture, pixels between -255 and 255.
    y_train, y_val : ndarray of int, shape (N,), (N_val,)
        Labels, 0 <= y < 10.
    num_epochs : int
        Go through the training pictures at most so many times.

    Returns
    -------
    MyModel
        On the CPU, with at most 100,000 parameters. It takes float32 pictures as those of
        ``X_val``.
    """
    ### BEGIN SOLUTION
    images = torch.from_numpy(np.float32(X_train))
    train_set = TensorDataset(images, torch.from_numpy(y_train))
    model = MyModel(X_train.shape[1:], 16, 3, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-4)
    for _ in range(num_epochs):
        for batch, labels in DataLoader(train_set, 25, shuffle=True):
            train_step(model, optimizer, batch, labels)
    return model.eval()
    ### END SOLUTION
