"""In which folder each room of the preview is, found by the path of a request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dealroom.serve.places import Places


def test_a_path_leads_to_the_innermost_room_and_the_rest() -> None:
    folders = {"acme": "deals/harbour", "blue": "deals", "cove": "x7"}
    places = Places(folders.__getitem__, folders)

    assert places.at("deals/harbour/o/1f") == ("acme", "o/1f")
    assert places.at("deals/harbour") == ("acme", "")
    assert places.at("deals/harbour2/") == ("blue", "harbour2/")
    assert places.at("x7/") == ("cove", "")
    assert places.at("x") is None
    assert places.at("") is None


def test_a_room_that_moves_is_found_where_it_is_now() -> None:
    folders = {"acme": "old"}
    places = Places(folders.__getitem__, folders)
    assert places.at("old/") == ("acme", "")

    folders["acme"] = "new/place"
    places.move(["acme"])

    assert places.at("old/") is None
    assert places.at("new/place/") == ("acme", "")


def test_of_two_rooms_in_one_folder_the_other_is_found_once_one_is_gone() -> None:
    folders = {"acme": "same", "blue": "same"}
    places = Places(folders.__getitem__, folders)
    assert places.at("same/") == ("acme", "")

    places.remove(["acme"])

    assert places.at("same/") == ("blue", "")


def test_a_folder_is_asked_for_once_until_it_may_be_another() -> None:
    asked: list[str] = []

    def folder_of(slug: str) -> str:
        asked.append(slug)
        return slug

    slugs = [f"deal-{number}" for number in range(1000)]
    places = Places(folder_of, slugs)
    assert places.at("deal-7/") == ("deal-7", "")
    assert sorted(asked) == sorted(slugs)

    asked.clear()
    places.move(["deal-7"])
    places.at("deal-8/")
    places.at("deal-7/")

    assert asked == ["deal-7"]


_FOLDERS = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join)


@given(st.dictionaries(st.sampled_from("uvwx"), _FOLDERS), _FOLDERS)
def test_whatever_the_folders_the_longest_that_holds_the_path_is_found(folders: dict[str, str], path: str) -> None:
    holding = [slug for slug, folder in folders.items() if f"{path}/".startswith(f"{folder}/")]
    longest = max((len(folders[slug]) for slug in holding), default=0)
    expected = min((slug for slug in holding if len(folders[slug]) == longest), default=None)

    found = Places(folders.__getitem__, folders).at(path)

    assert found == (None if expected is None else (expected, path[longest + 1 :]))
