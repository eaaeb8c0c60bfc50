"""What stops the tool from running at all (exit 2); a fault in a user's file is a diagnostic."""


class CannotRunError(Exception):
    """The tool could not run: bad usage, no registry, a policy that cannot be opened.

    `str()` of it is the message for a person; `help` says the next action.
    """

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the field's own name
        super().__init__(message)
        self.help = help
