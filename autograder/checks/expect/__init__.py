"""What a check can expect of a student's function, class or notebook."""
