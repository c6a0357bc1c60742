"""T40: objects that lie in a checkout's .git may be other than their names say; none of them is judged.

A machine that keeps its folders between jobs keeps .git too, and a job that ran there before can have written into it.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.github import GitHub
from workplace import Workplace

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    """A promotion that base has moved away from, so that a merge has to be worked out."""
    with Workplace(tmp_path, github) as made:
        made.promotion()
        made.scratch.commit("Then mend a word", files={"notes.txt": "A word.\n"})
        made.scratch.checkout("main")
        made.scratch.commit("Meanwhile", files={"README.md": "Hello.\n"})
        yield made


def kept_checkout(place: Workplace) -> Path:
    """A checkout of the proposed commit whose objects lie one by one."""
    folder = place.path / "kept"
    shutil.copytree(place.scratch.path, folder, symlinks=True)
    place.scratch.git("-C", str(folder), "checkout", "-q", "--detach", "work")
    return folder


def bytes_of(checkout: Path, oid: str) -> bytes:
    return zlib.decompress(_file(checkout, oid).read_bytes())


def plant(checkout: Path, oid: str, forged: bytes) -> None:
    """Put other bytes under an object's name, as whoever can write there can."""
    assert forged != bytes_of(checkout, oid)
    file = _file(checkout, oid)
    file.chmod(0o644)
    file.write_bytes(zlib.compress(forged))


def _file(checkout: Path, oid: str) -> Path:
    return checkout / ".git" / "objects" / oid[:2] / oid[2:]


def test_t40_control_genuine_objects_are_merged_and_judged(place: Workplace) -> None:
    done = place.pull_job(place.propose(), checkout=kept_checkout(place))
    assert done.code == 1, done
    assert done.report["trust"]["result"]["from"] == "merge"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("work^{tree}", "main^{tree}"),
        ("work:governance.yaml", "main:governance.yaml"),
        ("main~1^{tree}", "work^{tree}"),
        ("work", "main"),
        ("work~1", "main"),
        ("main~1", "work"),
    ],
)
def test_t40_an_object_that_is_not_what_its_name_says_lets_nothing_pass(
    place: Workplace, name: str, instead: str
) -> None:
    number, checkout = place.propose(), kept_checkout(place)
    plant(checkout, place.scratch.git("rev-parse", name), bytes_of(checkout, place.scratch.git("rev-parse", instead)))
    done = place.pull_job(number, checkout=checkout)
    assert done.code == 1, done
    assert done.report["trust"]["result"]["from"] == "merge"


def test_t40_a_file_that_both_sides_changed_is_merged_from_what_it_is(place: Workplace) -> None:
    place.scratch.checkout("main")
    text = place.scratch.read("governance.yaml")
    place.scratch.commit("A remark", files={"governance.yaml": f"# Kept by the platform team.\n\n\n{text}"})
    number = place.propose()
    genuine = kept_checkout(place)
    control = place.pull_job(number, checkout=genuine)
    assert control.code == 1, control
    oids = [place.scratch.git("rev-parse", f"{name}:governance.yaml") for name in ("work", "work~2")]
    plant(genuine, oids[0], bytes_of(genuine, oids[1]))
    done = place.pull_job(number, checkout=genuine)
    assert done.code == 1, done
    assert done.report["trust"]["result"] == control.report["trust"]["result"]


@pytest.mark.parametrize("name", ["main", "main~1"])
def test_t40_a_commit_of_base_that_claims_the_work_as_its_past_hides_none_of_it(place: Workplace, name: str) -> None:
    """Git would take the promotion for a part of base, and merge only what came after it."""
    place.scratch.checkout("main")
    place.scratch.commit("And more", files={"MORE.md": "More.\n"})
    number, checkout = place.propose(), kept_checkout(place)
    oid = place.scratch.git("rev-parse", name)
    raw = bytes_of(checkout, oid)
    true_parent = place.scratch.git("rev-parse", f"{name}^").encode("ascii")
    plant(checkout, oid, raw.replace(true_parent, place.scratch.git("rev-parse", "work~1").encode("ascii"), 1))
    done = place.pull_job(number, checkout=checkout)
    assert done.code == 1, done


def test_t40_a_replacement_or_graft_in_the_checkout_changes_nothing(place: Workplace) -> None:
    number, checkout = place.propose(), kept_checkout(place)
    at = ("--git-dir", str(checkout / ".git"))
    head, base = place.scratch.git("rev-parse", "work"), place.scratch.git("rev-parse", "main")
    place.scratch.git(*at, "replace", head, base)
    (checkout / ".git" / "info").mkdir(exist_ok=True)
    (checkout / ".git" / "info" / "grafts").write_text(f"{base} {head}\n")
    place.scratch.git(*at, "config", "core.attributesFile", str(checkout / "attributes"))
    place.scratch.git(*at, "config", "merge.union.driver", "true")
    (checkout / "attributes").write_text("* merge=union\n")
    done = place.pull_job(number, checkout=checkout)
    assert done.code == 1, done
    assert done.report["trust"]["head"]["commit"] == head


def test_t40_marks_of_a_shallow_clone_that_are_lies_cut_nothing_off(place: Workplace) -> None:
    number, checkout = place.propose(), kept_checkout(place)
    for name in ("work", "work~1", "main"):
        (checkout / ".git" / "shallow").write_text(place.scratch.git("rev-parse", name) + "\n")
        done = place.pull_job(number, checkout=checkout)
        assert done.code == 1, done
