"""The arguments of commands that ask for a policy alone, and not for its registry."""

import argparse


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add where the policy is whose rules are asked for as well."""
    parser.add_argument(
        "directory", metavar="DIR", nargs="?",
        help="a registry whose policy's own rules are meant as well; else the nearest upward",
    )  # fmt: skip
    parser.add_argument("--policy", metavar="FILE", help="a policy file; else what DIR names")
