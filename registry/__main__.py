"""`python -m registry` is `opmodel`."""

from registry.cli.main import command

if __name__ == "__main__":
    command()
