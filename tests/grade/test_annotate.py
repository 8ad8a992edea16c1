import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grade.annotate import show_attachments
from tests.tiny_course import cell_metadata


def asking(*names):
    """A notebook with a written task of each name, and the answers."""
    cells = [new_code_cell("1", id="code")]
    for name in names:
        metadata = cell_metadata(name, task=True, locked=True, points=1)
        cells.append(new_markdown_cell(f"Why {name}?", id=name, metadata=metadata))
        cells.append(new_markdown_cell("Because.", id=f"{name}-answer"))
    return new_notebook(cells=cells)


def beside(notebook):
    """Return for each question what is shown below it, line by line."""
    nbformat.validate(notebook)
    return {
        cell.id: below.source.split("\n\n")[1:]
        for cell, below in zip(notebook.cells, notebook.cells[1:], strict=False)
        if below.id.endswith("-files")
    }


def test_a_file_stands_under_every_question_and_its_picture_once():
    notebook = asking("one", "two")
    show_attachments({"book": notebook}, ["page 1.png", "proof.pdf"])
    links = ["[page 1.png](page%201.png)", "[proof.pdf](proof.pdf)"]
    picture = "![page 1.png](page%201.png)"
    assert beside(notebook) == {"one": [links[0], picture, links[1]], "two": links}


def test_a_file_named_after_a_question_stands_under_that_one():
    first, second = asking("q1", "q10"), asking("proof")
    books = {"first": first, "second": second}
    show_attachments(books, ["scans/Q10a.pdf", "proof.pdf", "all.pdf"])
    assert beside(first) == {
        "q1": ["[all.pdf](all.pdf)"],
        "q10": ["[all.pdf](all.pdf)", "[scans/Q10a.pdf](scans/Q10a.pdf)"],
    }
    assert beside(second) == {"proof": ["[all.pdf](all.pdf)", "[proof.pdf](proof.pdf)"]}


def test_the_pdf_of_a_notebook_stands_under_its_first_question():
    first, second = asking("one", "two"), asking("three")
    show_attachments({"first": first, "second": second}, ["second.pdf"])
    assert beside(first) == {}
    assert beside(second) == {"three": ["[second.pdf](second.pdf)"]}


def test_without_files_nothing_is_added():
    notebook = asking("one")
    show_attachments({"book": notebook}, [])
    assert notebook == asking("one")
