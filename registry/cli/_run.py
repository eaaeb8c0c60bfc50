"""Find the command, run it, and say in one line what stops it."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from registry.cli._door import Door
from registry.cli._output import emit, note
from registry.cli._progress import Progress
from registry.errors import CannotRunError


def run(argv: Sequence[str] | None, door: Door | None = None) -> int:
    """Run one command line, `sys.argv` where it is None; return the exit code as `main` does.

    The answer is kept behind the door, where there is one and it may be.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it searches all packages
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if argv is None:  # the process is ours, and ends with this: a last collection finds no use
        atexit.register(gc.freeze)
    try:
        with _nothing_collected(again=argv is not None):
            return _run(list(sys.argv[1:] if argv is None else argv), door)
    except CannotRunError as error:
        return stopped(error)
    except Exception as error:  # noqa: BLE001 - a person never sees a traceback unasked
        _internal(error)
    return 2


def stopped(error: CannotRunError) -> int:
    """Say what kept a command from running; return the exit code of that."""
    from registry.output.terminal import brief

    note(f"opmodel: {brief(str(error))}" + (f"; {brief(error.help)}" if error.help else ""))
    return 2


@contextmanager
def _nothing_collected(*, again: bool) -> Iterator[None]:
    """Keep the cycle collector off: what a command makes lives until its end and has few cycles.

    Unless it is to be on `again`, it stays off: it would begin with all that was made.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on and again:
            gc.enable()


def _run(argv: list[str], door: Door | None) -> int:
    if not argv:
        note(_help())
        return 2
    if argv[0] in {"-h", "--help"}:
        emit(_help() + "\n")
        return 0
    if argv[0] in {"-V", "--version"}:
        emit(_version() + "\n")
        return 0
    from registry.cli._command import find, parser_of

    command = find(argv[0])
    try:
        args = parser_of(argv[0], command).parse_intermixed_args(argv[1:])
    except SystemExit:  # argparse has shown its help
        return 0
    with Progress(command.doing):
        if door is None or not command.is_kept(args):
            return command.run(args)
        from registry.cli._keeping import keeping

        with keeping(door) as codes:
            codes.append(command.run(args))
        return codes[0]


def _help() -> str:
    from registry.cli._names import summaries

    told = summaries()
    width = max(map(len, told))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in told.items()]
    return "\n".join(
        [
            "usage: opmodel COMMAND [ARGUMENTS]",
            "",
            "Who owns it, who is paged, and what they do: a registry, and what is wrong with it.",
            "",
            *lines,
            "",
            "`opmodel COMMAND -h` tells a command's arguments; `opmodel --version` the versions.",
        ]
    )


def _version() -> str:
    from registry.clock.holidays import holidays_version
    from registry.clock.zones import tzdata_version
    from registry.model.format import FORMAT_VERSION
    from registry.version import __version__

    dates = f"time zones {tzdata_version()}, holidays {holidays_version()}"
    return f"opmodel {__version__}, format {FORMAT_VERSION}, {dates}"


def _internal(error: Exception) -> None:
    if os.environ.get("OPMODEL_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    from registry.output.terminal import brief

    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    help_ = "this is a fault of ours: please report it; OPMODEL_DEBUG=1 shows where it arose"
    note(f"opmodel: {brief(what)}; {help_}")
