"""Where verdicts go and what stands there: results, nbgrader's gradebook, points."""
