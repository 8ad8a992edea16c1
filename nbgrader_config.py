"""nbgrader's configuration for this course: its commands and buttons run our engine."""

from autograder.nbgrader_plugins.settings import configure

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "course"
configure(c)

# What is set below holds for this course alone.
