"""`opmodel`: what nothing has changed for is answered at once; else the command runs."""

import gc
import os
import sys

TYPE_CHECKING = False  # as of `typing`, which a start need not load
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run one command line, `sys.argv` by default; return the exit code.

    0 is fine, 1 findings, 2 could not run. OPMODEL_DEBUG=1 in the environment shows where an
    error of ours arose.
    """
    door = None
    try:
        if argv is None:
            gc.disable()  # for good: the process is ours, and ends with this
            from registry.cli._door import door_for

            door = door_for(sys.argv[1:])
            code = door.answer() if door is not None else None
            if code is not None:
                return code
        from registry.cli._run import run

        return run(argv, door)
    except KeyboardInterrupt:
        return 130


def command() -> "NoReturn":
    """Be the program `opmodel`: run the command line, and end the process with its exit code.

    Where nothing but the door was loaded, all is written, and nothing is left to be taken down:
    that would take a tenth of the time.
    """
    code = main()
    if "registry.cli._run" not in sys.modules:
        os._exit(code)
    sys.exit(code)
