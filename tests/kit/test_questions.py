"""Written questions: does a scan find its own, and is a blank one noticed?"""

import copy
import json
import re
from collections import Counter

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from autograder.grade.annotate import show_attachments
from autograder.kit import handin
from autograder.kit.questions import (
    Question,
    blank,
    places,
    printed_number,
    questions_of,
    taken_for,
)
from tests.tiny_course import ROOT, cell_metadata

NAMES = Course(ROOT).assignment_names()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("**Question 2.1** Show that", "2.1"),
        ("**1.2 (a)** Derive", "1.2 (a)"),
        ("**2.3 (b)** The true value", "2.3 (b)"),
        ("## 3 Forward (2 points)", "3"),
        ("### Exercise 4-2: dropout", "4-2"),
        ("__1a__ Why?", "1a"),
        ("12.3 What?", "12.3"),
        ("**Question.** When is", ""),
        ("In 1990 somebody", ""),
        ("Why 2.1?", ""),
    ],
)
def test_the_number_that_a_question_begins_with(text, number):
    assert printed_number(text) == number


QUESTIONS = [
    Question("question_slope", "2.1", "first"),
    Question("question_ten", "2.10", "first"),
    Question("a", "3.2 (a)", "first"),
    Question("b", "3.2 (b)", "first"),
    Question("same", "2.1", "second_part2"),
    Question("question", "", "second_part2"),
]


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("3.2a.pdf", ["a"]),
        ("3.2 (A).PDF", ["a"]),
        ("scans/3_2_a page 2.jpg", ["a"]),
        ("Aufgabe 3-2b.png", ["b"]),
        ("32a.pdf", ["a"]),
        ("3.2.pdf", ["a", "b"]),
        ("2.10.png", ["question_ten"]),
        ("first 2.1.png", ["question_slope"]),
        ("second_part2_2.1.pdf", ["same"]),
        ("2.1.pdf", ["question_slope", "same"]),
        ("question_slope_page_2.png", ["question_slope"]),
        ("question page.png", ["question"]),
        ("first.pdf", ["question_slope"]),
        ("page.png", []),
        ("4.1.png", []),
        ("2026-11-02.jpg", []),
    ],
)
def test_a_file_is_taken_for_the_question_that_its_name_tells(file, names):
    assert [question.name for question in taken_for(file, QUESTIONS)] == names


@pytest.fixture(params=NAMES)
def assignment(request):
    return Course(ROOT).assignment(request.param)


def released(assignment):
    return {
        path.stem: read_notebook(assignment.release / path.name) for path in assignment.notebooks
    }


def all_questions(assignment):
    return [
        q for name, book in released(assignment).items() for q in questions_of(name, book.cells)
    ]


def test_a_scan_named_after_a_question_stands_under_just_that(assignment):
    questions = all_questions(assignment)
    assert all(question.number for question in questions)
    numbers = Counter(question.number for question in questions)

    def before(question):
        """Where two notebooks have a question of this number, the notebook's name."""
        return f"{question.notebook} " if numbers[question.number] > 1 else ""

    for make in (
        lambda q: f"{before(q)}{q.file_name}.pdf",
        lambda q: f"{before(q)}{q.number.replace('.', '_').upper()}.JPG",
        lambda q: f"{before(q)}Question {q.number}, page 2.png",
    ):
        notebooks = released(assignment)
        show_attachments(notebooks, [make(question) for question in questions])
        found = {}
        for notebook in notebooks.values():
            for cell, below in zip(notebook.cells, notebook.cells[1:], strict=False):
                if below.id.endswith("-files"):
                    found[cell.metadata.nbgrader.grade_id] = below.source.count(
                        "]("
                    ) - below.source.count("![")
        assert found == {question.name: 1 for question in questions}


def test_notebooks_and_hand_out_tell_names_that_work(assignment):

    texts = {path.name: path.read_text("utf-8") for path in [assignment.handout]}
    for name, notebook in released(assignment).items():
        texts[name] = "\n".join(
            cell.source for cell in notebook.cells if cell.cell_type == "markdown"
        )
    questions = all_questions(assignment)
    for name, text in texts.items():
        told = re.findall(r"`(\d[\w.]*\.pdf)`", text)
        assert told, name
        for file in told:
            (question,) = taken_for(file, questions)
            assert name in ("README.md", question.notebook)


def test_each_blank_question_is_warned_of_and_an_answered_one_is_not(assignment):
    manifest = json.loads((assignment.release / "cs_lib" / "kit" / "assignment.json").read_text())
    warnings = handin.problems(assignment.release, manifest)
    for question in all_questions(assignment):
        asked = f"{question.notebook}.ipynb, question {question.number}, "
        assert sum(warning.startswith(asked) for warning in warnings) == 1
    answered = {name: answer_all(book) for name, book in released(assignment).items()}
    assert (
        blank(all_questions(assignment), {name: book.cells for name, book in answered.items()})
        == []
    )


def answer_all(notebook):
    for cell in notebook.cells:
        if cell.source.startswith("*Your answer"):
            cell.source += " Because it is so."
    return notebook


def asked():
    task = new_markdown_cell("**1.1** Why?", metadata=cell_metadata("why", task=True, locked=True))
    more = new_markdown_cell("Some text.", id="more")
    plot = new_code_cell("plot(0.1)", id="plot")
    test = new_code_cell("assert 1", metadata=cell_metadata("test", grade=True, locked=True))
    return [task, new_markdown_cell("*Your answer:*", id="answer"), more, plot, test]


@pytest.mark.parametrize(
    ("change", "is_blank"),
    [
        (lambda cells: None, True),
        (lambda cells: cells[1].update(source=" "), True),
        (lambda cells: cells[3].update(source="plot(0.2)"), True),
        (lambda cells: cells.insert(5, new_markdown_cell("Because.")), True),
        (lambda cells: cells[1].update(source="*Your answer:* Because."), False),
        (lambda cells: cells.insert(1, new_markdown_cell("Because.")), False),
        (lambda cells: cells.insert(4, new_code_cell("2 + 2")), False),
        (lambda cells: cells[1].update(source="![](attachment:scan.png)"), False),
    ],
)
def test_an_answer_is_what_was_not_handed_out_there(change, is_blank):
    questions = questions_of("book", asked())
    cells = copy.deepcopy(asked())
    change(cells)
    assert bool(blank(questions, {"book": cells})) == is_blank


@pytest.mark.parametrize("text", ["YOUR ANSWER HERE", "", "raise NotImplementedError()"])
def test_an_answer_cell_as_nbgrader_leaves_it_is_blank(text):
    cell = new_markdown_cell(text, metadata=cell_metadata("why", grade=True, solution=True))
    questions = questions_of("book", [cell])
    assert blank(questions, {"book": [cell]}) == questions
    answered = nbformat.from_dict({**cell, "source": "Because."})
    assert blank(questions, {"book": [answered]}) == []


def test_a_scan_answers_its_question_and_a_notebooks_pdf_none():
    questions = questions_of("book", asked())
    assert blank(questions, {"book": asked()}, ["1.1.pdf"]) == []
    assert blank(questions, {"book": asked()}, ["book.pdf", "page.png"]) == questions


def test_places_are_called_by_the_number_or_heading_above():
    cells = [
        new_code_cell("1"),
        new_markdown_cell("# A title"),
        new_code_cell("1"),
        new_markdown_cell("## 2 Backward (4 points)\n\n**2.1** `dropout_backward`."),
        new_code_cell("1"),
        new_markdown_cell("Text."),
        new_code_cell("1"),
    ]
    assert places(cells)[::2] == ["", '"A title"', "2.1", "2.1"]
