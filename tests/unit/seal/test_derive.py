from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

import dealroom.seal.derive
from dealroom.seal.derive import CHOSEN, GENERATED, Derivation, Deriver, Settings, derive
from dealroom.seal.encoding import hkdf
from dealroom.seal.keys import WorkspaceKey

KEY = WorkspaceKey(bytes(range(32)))
# The lightest that Argon2id knows: these tests are about what is around it.
QUICK = Settings(memory=8, iterations=1, parallelism=1)
SALT = bytes(range(16))


def derivations(*passphrases: str) -> list[Derivation]:
    return [Derivation(passphrase, SALT, QUICK) for passphrase in passphrases]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "derived"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passphrases that were really derived from."""
    made: list[str] = []

    def counted(derivation: Derivation) -> bytes:
        made.append(derivation.passphrase)
        return derive(derivation)

    monkeypatch.setattr(dealroom.seal.derive, "derive", counted)
    return made


def test_argon2id_is_that_of_rfc_9106() -> None:
    function = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    )
    tag = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert function.derive(b"\x01" * 32).hex() == tag


def test_argon2id_is_that_of_the_reference_implementation() -> None:
    tag = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
    assert derive(Derivation("password", b"somesalt", Settings(65_536, 2, 1))).hex() == tag


def test_hkdf_is_that_of_rfc_5869() -> None:
    derived = hkdf(b"\x0b" * 22, bytes(range(0xF0, 0xFA)), 42, salt=bytes(range(13)))
    assert derived.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")


def test_the_looks_of_a_passphrase_do_not_count() -> None:
    one, other = derivations("Correct horse", "correct-HORSE ")
    assert derive(one) == derive(other)


def test_every_derivation_gets_its_own_result() -> None:
    wanted = [
        *derivations("one", "two"),
        Derivation("one", bytes(16), QUICK),
        Derivation("one", SALT, Settings(16, 1, 1)),
    ]
    derived = Deriver(KEY).derive_all(wanted)
    assert derived == {one: derive(one) for one in wanted}
    assert len(set(derived.values())) == 4


def test_what_was_derived_once_is_not_derived_again(path: Path, calls: list[str]) -> None:
    first = Deriver(KEY, path).derive_all(derivations("one", "two"))
    again = Deriver(KEY, path).derive_all(derivations("two", "one", "three"))
    assert sorted(calls) == ["one", "three", "two"]
    assert again.items() >= first.items()


def test_a_deriver_remembers_without_a_file_too(calls: list[str]) -> None:
    deriver = Deriver(KEY)
    deriver.derive_all(derivations("one", "one"))
    deriver.derive_all(derivations("one"))
    assert calls == ["one"]


def test_progress_is_told_for_what_takes_work(path: Path) -> None:
    Deriver(KEY, path).derive_all(derivations("one"))
    told: list[tuple[int, int]] = []
    Deriver(KEY, path).derive_all(derivations("one", "two", "three"), lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


def test_an_interrupted_build_keeps_what_was_derived(path: Path, calls: list[str]) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(done: int, total: int) -> None:
        raise Interrupted(f"{done} of {total}")

    many = derivations(*(f"passphrase {number}" for number in range(50)))
    with pytest.raises(Interrupted, match="32 of 50"):
        Deriver(KEY, path).derive_all(many, interrupt)
    calls.clear()
    Deriver(KEY, path).derive_all(many)
    assert len(calls) == 18


def test_the_cache_tells_nothing_without_the_key(path: Path, calls: list[str]) -> None:
    derived = Deriver(KEY, path).derive_all(derivations("one"))
    stored = path.read_bytes()
    assert next(iter(derived.values())) not in stored
    assert path.stat().st_mode & 0o777 == 0o600
    Deriver(WorkspaceKey(bytes(32)), path).derive_all(derivations("one"))
    assert calls == ["one", "one"]


@pytest.mark.parametrize("cut", [1, 40, 89])
def test_a_torn_cache_costs_only_what_was_torn(path: Path, calls: list[str], cut: int) -> None:
    Deriver(KEY, path).derive_all(derivations("one"))
    Deriver(KEY, path).derive_all(derivations("two"))
    path.write_bytes(path.read_bytes()[:-cut])
    calls.clear()
    Deriver(KEY, path).derive_all(derivations("one", "two"))
    assert calls in ([], ["two"])
    calls.clear()
    Deriver(KEY, path).derive_all(derivations("one", "two"))
    assert calls == []


def test_a_changed_record_is_derived_anew(path: Path, calls: list[str]) -> None:
    derived = Deriver(KEY, path).derive_all(derivations("one"))
    stored = path.read_bytes()
    path.write_bytes(stored.replace(stored[50:51], b"A" if stored[50:51] != b"A" else b"B"))
    assert Deriver(KEY, path).derive_all(derivations("one")) == derived
    assert calls == ["one", "one"]


def test_rubbish_in_the_cache_is_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\x00rubbish\n" + b"=" * 88 + b"\n" + b"A" * 88 + b"\n")
    assert len(Deriver(KEY, path).derive_all(derivations("one"))) == 1


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert len(Deriver(KEY, tmp_path / "cache" / "derived").derive_all(derivations("one"))) == 1


def test_processes_share_the_cache(path: Path, calls: list[str]) -> None:
    script = """
import sys
from pathlib import Path
from dealroom.seal.derive import Derivation, Deriver, Settings
from dealroom.seal.keys import WorkspaceKey
deriver = Deriver(WorkspaceKey(bytes(range(32))), Path(sys.argv[1]))
for number in range(40):
    deriver.derive_all([Derivation(f"{sys.argv[2]} {number}", bytes(range(16)), Settings(8, 1, 1))])
"""
    processes = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("ann", "bob")]
    assert [process.wait() for process in processes] == [0, 0]
    Deriver(KEY, path).derive_all(derivations(*(f"{name} {number}" for name in ("ann", "bob") for number in range(40))))
    assert calls == []


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (Settings(19_455, 2, 1), "too weak"),
        (Settings(19_456, 1, 1), "too weak"),
        (Settings(19_456, 2, 0), "too weak"),
        (Settings(262_145, 2, 1), "too heavy"),
        (Settings(19_456, 11, 1), "too heavy"),
        (Settings(19_456, 2, 5), "too high"),
    ],
)
def test_settings_out_of_bounds_have_a_weakness(settings: Settings, fault: str) -> None:
    assert fault in (settings.weakness() or "")


def test_our_own_settings_have_none() -> None:
    assert GENERATED.weakness() is None
    assert CHOSEN.weakness() is None
