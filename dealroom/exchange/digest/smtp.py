"""Messages to a mail server (RFC 5321): encrypted, logged in, one connection for all."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.mail_settings import MailSettings, Security

ENVIRONMENT_VARIABLE = "DEALROOM_SMTP_PASSWORD"

# Seconds. RFC 5321 allows minutes; a server that takes longer than this to answer is away.
_TIMEOUT = 30.0


class Refused(Problem):
    """The server took the connection, and does not take this message."""


class Lost(Problem):
    """The connection broke: nobody knows whether the server took the message."""


class Postman:
    """A connection to the server of the settings, made with the first message and again when it broke.

    `context` says whose certificates are trusted: those of the system unless told otherwise.
    Raises Problem when there is no password for the user.
    """

    def __init__(
        self, settings: MailSettings, environ: Mapping[str, str], context: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._password = environ.get(ENVIRONMENT_VARIABLE, "")
        self._context = context or ssl.create_default_context()
        self._server: smtplib.SMTP | None = None
        if settings.user and not self._password:
            raise Problem(
                f"{quoted(settings.user)} needs a password to log in to {settings.host}",
                f"set the environment variable {ENVIRONMENT_VARIABLE}",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def connect(self) -> None:
        """Be connected and logged in. Raises Problem: there is no server, no safe way to it, or it refuses us."""
        if self._server is not None:
            return
        where = f"{self._settings.host}:{self._settings.port_number}"
        try:
            self._server = self._connected()
        except ssl.SSLError as fault:
            hint = "check `host`; `security: tls` goes with port 465, `starttls` with 587"
            raise Problem(f"there is no safe connection to {where}: {fault.reason or fault}", hint) from None
        except smtplib.SMTPAuthenticationError as fault:
            message = f"{where} does not let {quoted(self._settings.user or '')} in: {_said(*fault.args)}"
            hint = f"check `user` and {ENVIRONMENT_VARIABLE}; many services want a password for this program alone"
            raise Problem(message, hint) from None
        except smtplib.SMTPNotSupportedError as fault:
            hint = "use another port or server: passwords and personal links travel encrypted only"
            raise Problem(f"{where} does not offer what is needed: {fault}", hint) from None
        except (smtplib.SMTPException, OSError) as fault:
            reason = (getattr(fault, "strerror", None) or str(fault)).lower()
            raise Problem(f"cannot reach the mail server {where}: {reason}", "check `mail:` in dealroom.yml") from None

    def send(self, message: EmailMessage) -> None:
        """Hand a message over. When this returns the server has taken it.

        Raises:
            Refused: the server does not take it.
            Lost: it may have.
            Problem: there is no connection.
        """
        self.connect()
        if self._server is None:
            return
        try:
            self._server.send_message(message)
        except smtplib.SMTPNotSupportedError:
            raise Refused("the server takes no addresses beyond ASCII", "use an address without accents") from None
        except smtplib.SMTPRecipientsRefused as fault:
            code, said = next(iter(fault.recipients.values()))
            raise Refused(f"the server refuses the address: {_said(code, said)}", "check the address") from None
        except smtplib.SMTPResponseException as fault:
            hint = "check `from` under `mail` in dealroom.yml" if isinstance(fault, smtplib.SMTPSenderRefused) else None
            raise Refused(f"the server refuses the message: {_said(fault.smtp_code, fault.smtp_error)}", hint) from None
        except (smtplib.SMTPException, OSError) as fault:
            self._server.close()
            self._server = None
            raise Lost(f"the connection to {self._settings.host} broke: {fault}", "see whether it arrived") from None

    def _connected(self) -> smtplib.SMTP:
        settings, port = self._settings, self._settings.port_number
        if settings.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, port, timeout=_TIMEOUT, context=self._context)
        else:
            server = smtplib.SMTP(settings.host, port, timeout=_TIMEOUT)
        try:
            if settings.security is Security.STARTTLS:
                server.starttls(context=self._context)
            if settings.user:
                server.login(settings.user, self._password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def _said(code: object, text: object) -> str:
    """A server's answer on one line, without what a terminal would obey."""
    written = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"{code} " + " ".join("".join(each if each.isprintable() else " " for each in written).split())
