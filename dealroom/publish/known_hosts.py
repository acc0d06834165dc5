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
        files = [paramiko.HostKeys(str(path)) for file in _FILES if (path := file.expanduser()).is_file()]
        if any(file.check(hostname, key) for file in files):
            return
        if any(key.get_name() in (file.lookup(hostname) or {}) for file in files):
            raise paramiko.SSHException(
                f"the key of {hostname} is not the one that is known: somebody may be in between, or it was set up anew"
            )
        raise paramiko.SSHException(f"{hostname} is not known; connect to it with ssh once, and check its key")
