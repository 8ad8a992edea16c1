"""Seeds follow from the key, the check, the student and what the student's code is."""

import json

import nbformat
import pytest

from autograder.course.key import check_seed, course_seed
from autograder.intake.digest import code_digest
from autograder.intake.select import Submission
from tests import tiny_course

SEED = (b"key", "tiny", "double", "ada", "work")


@pytest.mark.parametrize("place", range(5))
def test_the_seed_follows_from_each_part(place):
    other = [*SEED]
    other[place] = b"other" if place == 0 else "other"
    assert check_seed(*SEED) == check_seed(*SEED) != check_seed(*other)


def test_the_courses_seed_is_the_same_for_all_students_and_no_students():
    assert course_seed(*SEED[:3]) == course_seed(*SEED[:3])
    assert course_seed(*SEED[:3]) not in (check_seed(*SEED), check_seed(*SEED[:3], "", ""))
    assert course_seed(b"other", *SEED[1:3]) != course_seed(*SEED[:3])


def changed(change):
    work = tiny_course.solved()
    before = code_digest(work)
    notebook = nbformat.reads(work.notebooks["tiny"].decode(), as_version=4)
    change(work, notebook)
    work.notebooks["tiny"] = nbformat.writes(notebook).encode()
    return code_digest(work) != before


def test_a_notebook_that_was_run_and_saved_again_is_the_same_work():
    def run(work, notebook):
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                cell.execution_count = number + 1
                cell.outputs = [nbformat.v4.new_output("stream", text="2")]
            else:
                cell.source += "\nMore words."
        notebook.metadata["language_info"] = {"name": "python"}
        work.attachments["scan.png"] = b"a picture"

    assert not changed(run)


def test_other_code_is_other_work():
    def in_a_module(work, notebook):
        work.files["cs_lib/layers.py"] += b"\n# more\n"

    def in_a_cell(work, notebook):
        notebook.cells[1].source += "\n# more"

    def in_the_order_of_cells(work, notebook):
        notebook.cells[1], notebook.cells[4] = notebook.cells[4], notebook.cells[1]

    assert all(map(changed, (in_a_module, in_a_cell, in_the_order_of_cells)))


def test_a_file_that_is_no_notebook_is_work_by_its_bytes():
    one, other = (Submission(notebooks={"tiny": json.dumps(n).encode()}) for n in (1, 2))
    assert code_digest(one) == code_digest(one) != code_digest(other)
