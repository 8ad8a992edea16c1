"""Classifiers: losses of whole models, and the classes that train or hold them."""
