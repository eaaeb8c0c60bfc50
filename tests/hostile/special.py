"""What a repository cannot hold: links out of the folder, pipes, sockets, names that deceive."""

import os
import socket
from contextlib import chdir
from pathlib import Path

TEXT = "teams:\n  - {id: payments, oncall: alice}\n"
LINKS = {
    "sp_symlink_out.yaml": "/etc/passwd",
    "sp_symlink_loop_a.yaml": "sp_symlink_loop_b.yaml",
    "sp_symlink_loop_b.yaml": "sp_symlink_loop_a.yaml",
    "sp_symlink_chain.yaml": "sp_link2.yaml",
    "sp_link2.yaml": "/etc/hostname",
    "sp_dangling.yaml": "/tmp/opmodel_dangling_target",
    "sp_dir_symlink": "/",
    "sp_dev_zero.yaml": "/dev/zero",
    "sp_proc.yaml": "/proc/self/environ",
}
NAMES = [
    b"nl\nOK all fine.yaml",
    b"esc\x1b[2K.yaml",
    b"a,line=1::b.yaml",
    b"-rf.yaml",
    b"--help.yaml",
    b"bad\xff\xfe.yaml",
    b"x%0A::error::y.yaml",
    b"sp ace #q?.yaml",
    b"x" * 245 + b".yaml",
    "caf\u00e9.yaml".encode(),
    "cafe\u0301.yaml".encode(),
    b"quote\"'<b>.yaml",
    b"=cmd.yaml",
    b"$(touch x).yaml",
    b".hidden.yaml",
    b"UPPER.YAML",
    b"upper.yaml",
    b"x.yaml~",
    b"x.yml",
]


def make_special(folder: Path) -> None:
    """Fill `folder`; a socket's path is short only from inside."""
    with chdir(folder):
        for name, target in LINKS.items():
            os.symlink(target, name)
        os.mkdir("sp_dir.yaml")
        os.mkfifo("sp_fifo.yaml")
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("sp_socket.yaml")
        Path("sp_unreadable.yaml").write_text(TEXT)
        os.chmod("sp_unreadable.yaml", 0)
        for name in NAMES:
            with open(name, "w") as file:
                file.write(TEXT)
