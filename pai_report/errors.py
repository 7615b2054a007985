"""Problems that users can expect and repair, told in one sentence."""


class ExpectedError(Exception):
    """A problem with the input, the output or the machine that the user can act on.

    `slug` is a stable name ("no-run-found"), `sentence` says what is wrong (file, line, what was expected), `hint` says what
    to do. The command line prints both and exits with 2; it never shows a traceback for it.
    """

    def __init__(self, slug: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.slug = slug
        self.sentence = sentence
        self.hint = hint
