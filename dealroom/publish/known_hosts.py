"""Which servers publishing over SFTP connects to: those that `ssh` knows, like `ssh`."""

from __future__ import annotations

from pathlib import Path

import paramiko

_FILES = (Path("/etc/ssh/ssh_known_hosts"), Path("~/.ssh/known_hosts"))


class KnownHostsOnly(paramiko.MissingHostKeyPolicy):
    """Takes a server whose key is in the known hosts of the user or the machine, and no other."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Raises SSHException when the key is not known to be this server's."""
        del client
        for file in _FILES:
            path = file.expanduser()
            if path.is_file() and paramiko.HostKeys(str(path)).check(hostname, key):
                return
        raise paramiko.SSHException(f"{hostname} is not known; connect to it with ssh once, and check its key")
