"""The one error of a merge: what was expected in which file, and what to do."""


class OverlayError(Exception):
    """A file of the tree is not what a merge expects; nothing was changed."""

    def __init__(self, file: str, element: str, problem: str, remedy: str) -> None:
        self.file = file
        self.element = element
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{file}: {element}: {problem}. {remedy}")
