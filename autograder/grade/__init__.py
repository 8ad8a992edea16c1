"""From a submission to its result: one, or a course of them."""
