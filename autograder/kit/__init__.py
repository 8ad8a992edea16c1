"""What students run: a release has it as ``cs_lib.kit``, and the grader runs the same."""
