"""Published figures of the course documents, computed again by the reference.

    PYTHONPATH=assignments:tests/cs_lib python -m figures [ASSIGNMENT]

prints the tables of docs/figures.md. test_published_figures.py holds each figure to its
published value, and the document to what is printed here.
"""
