"""A result in the formats other programs read."""
