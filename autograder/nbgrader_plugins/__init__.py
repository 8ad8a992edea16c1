"""What nbgrader's own commands and buttons load from ``nbgrader_config.py``."""
