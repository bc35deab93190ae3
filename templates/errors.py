"""What can go wrong between a context and a finished text.

RenderError
├── TemplateSyntaxError    the template itself is not Jinja2
├── UndefinedValueError    the template names something that its context does not have
├── UnprintableValueError  a value that this kind of output cannot carry
└── UnparsableOutputError  the output is not what its own reader accepts

`NotPrintable` and `NotParsable` are what a kind of output raises; the renderer adds where.
No sentence ever holds a value: it may be a secret.
"""


class NotPrintable(Exception):  # noqa: N818 - a fault inside, not an error of its own
    """A value that a kind of output cannot carry; the sentence says why, not what."""


class NotParsable(Exception):  # noqa: N818 - a fault inside, not an error of its own
    """A text that its own reader refuses. `line` counts from 1; 0 when the reader does not say."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


class RenderError(Exception):
    """A template did not become a finished text; `line` counts from 1, 0 when not known."""

    def __init__(self, template: str, line: int, problem: str) -> None:
        self.template = template
        self.line = line
        self.problem = problem
        super().__init__(f"templates/{template}:{line}: {problem}")


class TemplateSyntaxError(RenderError):
    """The template itself is not Jinja2; `line` is a line of the template."""


class UndefinedValueError(RenderError):
    """The template names something its context does not have; `line` is a line of the template."""


class UnprintableValueError(RenderError):
    """The output cannot carry a value; `line` is a line of the template."""


class UnparsableOutputError(RenderError):
    """The output's own reader refuses it; `line` is a line of the output."""
