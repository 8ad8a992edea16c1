"""The kit's part of the library: in a course the installed kit itself, in a release its files."""

from autograder import kit

__path__ = kit.__path__
