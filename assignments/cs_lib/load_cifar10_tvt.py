"""CIFAR-10 as columns, under the name that the course document has for the module."""

from cs_lib.data_utils import load_cifar10_train_val

__all__ = ["load_cifar10_train_val"]
