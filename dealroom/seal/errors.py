"""What can go wrong with keys, sealing and opening. Every error of this package is in this tree.

```
SealError                 message and hint, for the person who can act
├── KeyProblem            the workspace key is missing, wrong, readable by others or tracked by git
├── WeakPassphrase        a passphrase that a seller chose would be guessed
├── CannotSeal            a room that cannot be sealed as it is described
├── CannotOpenReply       a sealed reply that does not open
├── ReleaseProblem        a list of what was published that is not one, or not signed by whom it should
└── CannotOpen            a sealed room that does not open
    ├── WrongPassphrase   no slot for this passphrase: mistyped, or access was taken away
    ├── WrongLink         not a link of this room, or access was taken away
    ├── RoomClosed        its date is past, and the seller took everything away
    ├── DamagedRoom       bytes are missing, changed, swapped or not signed by the seller
    ├── UnknownFormat     sealed by a newer version of dealroom
    └── UnsafeSettings    the page asks for a key derivation outside safe bounds
```
"""

from dealroom.errors import Problem


class SealError(Problem):
    """The base of what this package raises. Neither `message` nor `hint` ever holds a secret."""


class KeyProblem(SealError):
    """The workspace key cannot be used."""


class WeakPassphrase(SealError):
    """A passphrase chosen by a seller is below the strength floor."""


class CannotSeal(SealError):
    """The room cannot be sealed as it is described."""


class CannotOpenReply(SealError):
    """A sealed reply does not open. The message says why, and stands after "this reply cannot be read: "."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, "ask the sender to send it again, as a file or as copied text")


class ReleaseProblem(SealError):
    """A release that cannot be relied on."""


class CannotOpen(SealError):
    """A sealed room does not open."""


class WrongPassphrase(CannotOpen):
    """No slot of the room answers to this passphrase."""

    def __init__(self) -> None:
        super().__init__(
            "wrong passphrase",
            "check the words, or ask the seller for a new passphrase: access may have been taken away",
        )


class WrongLink(CannotOpen):
    """The link is not one of this room's."""

    def __init__(self) -> None:
        super().__init__(
            "this link does not open the room",
            "copy the whole link, up to its last character, or ask the seller for a new one",
        )


class RoomClosed(CannotOpen):
    """The page is that of a room past its date."""

    def __init__(self) -> None:
        super().__init__("this room has closed", "ask the seller to open it again: nothing is kept in the page")


class DamagedRoom(CannotOpen):
    """Something of the sealed room is missing or is not what the seller published."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the room is damaged: {what}", "publish the room again, or fetch it anew from its host")


class UnknownFormat(CannotOpen):
    """The room is in a format which this version does not know."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the room is in the format {found}, which this version cannot read", "update dealroom")


class UnsafeSettings(CannotOpen):
    """The descriptor asks for a key derivation that is too weak to be safe, or too heavy to be meant."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"the room asks for unsafe key settings: {detail}",
            "do not type the passphrase; ask the seller whether the page is theirs",
        )
