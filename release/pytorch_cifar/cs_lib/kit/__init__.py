"""What students run: a release has it as ``cs_lib.kit``, and grading imports the same."""
