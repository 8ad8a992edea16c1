"""The course library: neural networks in plain numpy."""
