"""The best net of your own, trained from scratch with the settings that won."""

import numpy as np
import torch

from cs_lib.models.mymodel import MyModel
from cs_lib.train import train_step

CLASSES = 10
HIDDEN_DIM, KERNEL_SIZE, BATCH_SIZE, LEARNING_RATE = 16, 3, 25, 3e-3  # to start from: change them


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
    images, labels = torch.from_numpy(np.float32(X_train)), torch.from_numpy(y_train)
    model = MyModel(X_train.shape[1:], HIDDEN_DIM, KERNEL_SIZE, n_classes=CLASSES)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    for _ in range(num_epochs):
        for chosen in torch.randperm(len(images)).split(BATCH_SIZE):
            train_step(model, optimizer, images[chosen], labels[chosen])
    return model
    ### END SOLUTION
