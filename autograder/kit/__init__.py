"""What students run too: a release takes this folder whole, and grading imports it."""
