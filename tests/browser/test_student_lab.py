"""A student's evening in JupyterLab: the stub, a wrong try and why, the fix, Validate."""

import re
import shutil

import pytest
from playwright.sync_api import expect

MODULE = "first_steps.py"
NOTEBOOK = "first_steps.ipynb"
STUB = 'raise NotImplementedError("first_steps: implement mean_squared_error")'
RIGHT = "def line(x, slope, intercept):\n    return slope * x + intercept"


def module(formula):
    return f"import numpy as np\n\n\ndef mean_squared_error(y, y_hat):\n    return {formula}\n"


@pytest.fixture
def lab(new_course, serve, tmp_path, page):
    """The released assignment in JupyterLab, notebook opened from the list of files."""
    shutil.copytree(new_course.assignment("first_steps").release, tmp_path / "first_steps")
    server = serve(tmp_path)
    page.goto(server.address(f"lab/tree/first_steps/{NOTEBOOK}?reset"))
    expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible()
    return Lab(page)


class Lab:
    """What a student does with JupyterLab."""

    def __init__(self, page):
        self.page = page

    def code(self, text):
        """Return the code cell with this text in it."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text)

    def open_from_list(self, *names):
        for name in names:
            self.page.get_by_role("listitem", name=re.compile(rf"^Name: {name}\b")).dblclick()

    def switch_to(self, name):
        self.page.locator(".lm-DockPanel .lm-TabBar-tab").filter(has_text=name).click()

    def rewrite(self, editor, text):
        """Replace an editor's text, by keyboard."""
        editor.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def save(self):
        with self.page.expect_response(
            lambda answer: "/api/contents/" in answer.url and answer.request.method == "PUT"
        ) as saved:
            self.page.keyboard.press("Control+S")
        assert saved.value.ok

    def run_all(self):
        """Restart the kernel, once there is one at rest, and run the notebook."""
        expect(self.page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator("[data-command='runmenu:restart-and-run-all']").click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def validate(self):
        """Press Validate and return its answer."""
        self.page.locator(".jp-Toolbar").get_by_role("button", name="Validate").click()
        answer = self.page.get_by_role("dialog")
        expect(answer).to_contain_text(re.compile("Success|failed", re.IGNORECASE))
        text = answer.inner_text()
        answer.get_by_role("button").last.click()
        return text


def test_from_the_stub_to_validate(lab):
    test = lab.code("error = mean_squared_error(")
    lab.run_all()
    expect(test).to_contain_text("NotImplementedError: first_steps: implement mean_squared_error")
    assert "implement line" in lab.validate()

    lab.open_from_list("cs_lib", MODULE)
    editor = lab.page.locator(".jp-FileEditor")
    expect(editor).to_contain_text(STUB)
    lab.rewrite(editor, module("float(np.sum((y_hat - y) ** 2))"))
    lab.save()
    lab.switch_to(NOTEBOOK)
    lab.run_all()
    expect(test).to_contain_text("AssertionError: expected 9.0, got 36.0")

    lab.switch_to(MODULE)
    lab.rewrite(editor, module("float(np.mean((y_hat - y) ** 2))"))
    lab.save()
    lab.switch_to(NOTEBOOK)
    lab.rewrite(lab.code("def line("), RIGHT)
    lab.save()
    lab.run_all()
    expect(test).to_contain_text("error: 9.0 expected: 9.0")
    assert "Success! Your notebook passes all the tests." in lab.validate()
