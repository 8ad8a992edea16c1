"""Classifiers of pictures as PyTorch modules."""
