"""What nbgrader is told for this course: which cells changed, and how feedback looks."""
