"""Train a classifier of CIFAR-10: ``python -m cs_lib.train --model softmax``.

Writes MODEL.log, and MODEL.pt with the parameters of the net.
"""

import argparse
import os

import torch
from torch import nn
from torch.utils.data import DataLoader

from cs_lib.cifar10 import CIFAR10, load_splits
from cs_lib.logs import Log
from cs_lib.models.convnet import CNN
from cs_lib.models.mymodel import MyModel
from cs_lib.models.softmax import Softmax
from cs_lib.models.twolayernn import TwoLayerNN

MODELS = {
    "softmax": lambda args, size: Softmax(size, args.n_classes),
    "twolayernn": lambda args, size: TwoLayerNN(size, args.hidden_dim, args.n_classes),
    "convnet": lambda args, size: CNN(size, args.hidden_dim, args.kernel_size, args.n_classes),
    "mymodel": lambda args, size: MyModel(size, args.hidden_dim, args.kernel_size, args.n_classes),
}


def parse_arguments(arguments=None):
    """Read the settings of a run.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line by default.

    Returns
    -------
    argparse.Namespace
    """
    parser = argparse.ArgumentParser(prog="python -m cs_lib.train", description=__doc__)
    parser.add_argument("--model", choices=list(MODELS), default="softmax")
    parser.add_argument("--lr", type=float, default=0.01, help="learning rate")
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--hidden-dim", type=int, default=32, help="hidden units, or filters")
    parser.add_argument("--kernel-size", type=int, default=5, help="height and width of filters")
    parser.add_argument("--n-classes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log-interval", type=int, default=10, help="steps between two lines")
    parser.add_argument("--cifar10-dir", help="folder with cifar-10-batches-py")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--no-save", action="store_true", help="write no MODEL.log and MODEL.pt")
    return parser.parse_args(arguments)


def make_optimizer(model, args):
    """Make the optimizer: stochastic gradient descent of ``torch.optim``.

    Parameters
    ----------
    model : nn.Module
        All of its parameters are trained.
    args : argparse.Namespace
        With ``lr``, ``momentum`` and ``weight_decay``.

    Returns
    -------
    torch.optim.Optimizer
    """
    # YOUR CODE HERE
    raise NotImplementedError("pytorch_cifar: implement make_optimizer")


def train_step(model, optimizer, images, labels):
    """Update the parameters of a model once, by one mini-batch.

    The model is in training mode meanwhile. The loss is the mean cross-entropy.

    Parameters
    ----------
    model : nn.Module
    optimizer : torch.optim.Optimizer
    images : Tensor, shape (N, channels, height, width)
    labels : Tensor of int64, shape (N,)

    Returns
    -------
    float
        The loss of the mini-batch before the update: a number, which holds no graph in memory.
    """
    # YOUR CODE HERE
    raise NotImplementedError("pytorch_cifar: implement train_step")


def evaluate(model, loader):
    """Compute loss and accuracy of a model on all mini-batches of a loader.

    The model is in evaluation mode, and no gradient is recorded. The last mini-batch may be
    smaller than the others: each picture counts the same.

    Parameters
    ----------
    model : nn.Module
    loader : iterable of (images, labels)
        As for `train_step`.

    Returns
    -------
    loss : float
        Mean cross-entropy.
    accuracy : float
        Share of the pictures whose largest score is that of their label, between 0 and 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError("pytorch_cifar: implement evaluate")


def main(arguments=None, data=None):
    """Train a model, log how it goes, save it, and report its performance on test pictures.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line by default.
    data : dict of str to ndarray, optional
        ``'X_train'``, ``'y_train'`` and so on, pixels from 0 to 255, in place of CIFAR-10.

    Returns
    -------
    dict
        ``'log'``, the lines of the log; ``'model'``, trained; ``'val_acc'``, ``'test_loss'`` and
        ``'test_acc'``.
    """
    args = parse_arguments(arguments)
    torch.manual_seed(args.seed)
    device = choose_device(args.device)
    splits = load_data(args, data)
    loaders = make_loaders(splits, args.batch_size, device)
    images, _ = splits["train"][0]
    model = MODELS[args.model](args, tuple(images.shape)).to(device)
    log = Log(None if args.no_save else f"{args.model}.log")
    log.write(f"{args.model} on {device}: {vars(args)}")
    val_acc = train(model, make_optimizer(model, args), loaders, args, log)
    test_loss, test_acc = evaluate(model, loaders["test"])
    log.write(f"Test Loss: {test_loss:.6f}  Test Acc: {test_acc:.4f}")
    log.close()
    if not args.no_save:
        torch.save(model.state_dict(), f"{args.model}.pt")
    figures = {"val_acc": val_acc, "test_loss": test_loss, "test_acc": test_acc}
    return {"log": log.lines, "model": model, **figures}


def choose_device(name):
    """Return the device to train on: ``auto`` takes a GPU where there is one."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def load_data(args, data=None):
    """Return the training, validation and test set."""
    if data is not None:
        return {
            name: CIFAR10(data[f"X_{name}"], data[f"y_{name}"]) for name in ("train", "val", "test")
        }
    if args.cifar10_dir:
        os.environ["COURSEDATA"] = args.cifar10_dir
    return load_splits()


def make_loaders(splits, batch_size, device):
    """Return an iterable of mini-batches on the device for each set; that of training shuffles."""
    return {
        name: Batches(DataLoader(split, batch_size, shuffle=name == "train"), device)
        for name, split in splits.items()
    }


class Batches:
    """The mini-batches of a loader, moved to the device.

    Parameters
    ----------
    loader : DataLoader
        In this process: other ones (``num_workers``) cost more than they bring here.
    device : torch.device
    """

    def __init__(self, loader, device):
        self.loader = loader
        self.device = device

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        for images, labels in self.loader:
            yield images.to(self.device), labels.to(self.device)


def train(model, optimizer, loaders, args, log):
    """Train for some epochs, with a line of the log every so many steps and after each epoch.

    Returns
    -------
    float
        Validation accuracy after the last epoch.
    """
    iteration, val_acc = 0, 0.0
    for epoch in range(1, args.epochs + 1):
        for images, labels in loaders["train"]:
            iteration += 1
            loss = train_step(model, optimizer, images, labels)
            if iteration % args.log_interval == 0:
                log.write(f"Epoch: {epoch}  Iteration: {iteration}  Train Loss: {loss:.6f}")
        val_loss, val_acc = evaluate(model, loaders["val"])
        log.write(
            f"Epoch: {epoch}  Iteration: {iteration}  Val Loss: {val_loss:.6f}  "
            f"Val Acc: {val_acc:.4f}"
        )
    return val_acc


if __name__ == "__main__":
    main()
