"""Histories of a governed repository with days of their own: what merged when, and how."""

from __future__ import annotations

from pathlib import Path

from scratch import Scratch
from world import AUTHOR, from_yaml, high_system, low_system, org_policy, to_yaml

HOSTILE_TITLE = "<script>alert(1)</script> \u202egnp.exe ::error::x"
YEAR = 2026


class Dated(Scratch):
    """A scratch repository whose commits are made on `day` (of one year), at noon UTC."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.day = "01-01"

    def environment(self, **more: str) -> dict[str, str]:
        at = f"{YEAR}-{self.day}T12:00:00Z"
        return super().environment(GIT_COMMITTER_DATE=at, GIT_AUTHOR_DATE=at) | more

    def on(self, day: str) -> None:
        self.day = day

    def push(self, day: str, message: str, **files: str) -> str:
        """Commit what was written straight to main."""
        self.on(day)
        return self.commit(message, files=files)

    def merged(self, day: str, message: str, files: dict[str, str | bytes], squash: bool = False) -> str:
        """Work on a branch, brought into main by a merge or as one commit."""
        self.on(day)
        self.branch("work")
        self.commit(f"Work: {message}", files=files)
        self.checkout("main")
        if squash:
            self.git("merge", "-q", "--squash", "work")
            return self.commit(message)
        self.git("merge", "-q", "--no-ff", "-m", message, "work")
        return self._tip()


def eventful(path: Path) -> tuple[Dated, dict[str, str]]:
    """A repository to which nearly everything happened that can, and the commit of each event by name."""
    repo, done = Dated(path), dict[str, str]()
    done["first"] = repo.push("01-01", "Begin", **{"README.md": "# Ours\n"})
    repo.on("01-05")
    done["adopted"] = repo.adopt(high_system("development"), low_system("development"))
    done["code"] = repo.merged("01-10", "Rank by skills", {"screener/rank.py": "x = 1\n"})
    done["quiet"] = repo.merged("01-11", "Tidy the page", {"README.md": "# Ours, tidied\n"}, squash=True)
    repo.edit(risk_profile={"human_oversight": "full"})
    lowered = repo.read("governance.yaml")
    repo.git("checkout", "-q", "--", ".")
    done["against"] = repo.merged("01-12", "A person decides now", {"governance.yaml": lowered})
    repo.on("01-13")
    repo.git("revert", "--no-edit", "-m", "1", "HEAD")
    done["reverted"] = repo._tip()
    contact = {
        **{"id": "contact-for-critical", "title": "Nobody is named to call", "why": "At night nobody looks it up."},
        **{"when": 'system.tier == "critical"', "enforcement": "advise", "fix": "Add incident_contact."},
        "require": [{"that": "system.has_incident_contact", "message": "The entry names no incident_contact."}],
    }
    rules = to_yaml({**org_policy(), "rules": [contact]})
    done["rules"] = repo.push("01-14", "One rule more", **{"policies/org.yaml": rules})
    sound = repo.read("governance.yaml")
    done["broken"] = repo.push("01-15", "Oops", **{"governance.yaml": "systems: [\n"})
    done["while-broken"] = repo.push("01-16", "Meanwhile", **{"README.md": "# Ours, meanwhile\n"})
    done["mended"] = repo.push("01-17", "Mend it", **{"governance.yaml": sound})
    incident = {
        **{"schema": "policy-gate/incident/v1", "id": "INC-1", "system": "SYS-001", "type": "availability"},
        **{"severity": "low", "description": "No answers.", "detected_at": f"{YEAR}-01-18T09:00:00Z"},
    }
    told = {"governance/incidents/INC-1.yaml": to_yaml(incident)}
    done["incident"] = repo.push("01-18", "Tell of an incident", **told)
    steps = {"timeline": [{"at": f"{YEAR}-01-18T10:00:00Z", "step": "triaged", "by": AUTHOR}]}
    told = {"governance/incidents/INC-1.yaml": to_yaml(incident | steps)}
    done["stepped"] = repo.push("01-19", "Triage it", **told)
    done["octopus"] = _octopus(repo)
    done["backwards"] = repo.push("01-19", "By a slow clock", **{"README.md": "# Ours, slowly\n"})
    done["outside"] = repo.push("03-01", "By a fast clock", **{"README.md": "# Ours, fast\n"})
    done["edited"] = _edited(repo)
    done["hostile"] = repo.push("01-22", HOSTILE_TITLE, **{"screener/rank.py": "x = 3\n"})
    renamed = sound.replace("id: SYS-001", "id: SYS-009")
    done["renamed"] = repo.push("01-25", "Another id", **{"governance.yaml": renamed})
    data = from_yaml(renamed)
    data["systems"] = [it for it in data["systems"] if it["id"] != "SYS-009"]
    done["left"] = repo.push("02-05", "It is gone", **{"governance.yaml": to_yaml(data)})
    return repo, done


def _octopus(repo: Dated) -> str:
    repo.on("01-20")
    for name in ("one", "two"):
        repo.branch(name)
        repo.commit(f"Part {name}", files={f"tools/{name}.py": "x = 1\n"})
    repo.checkout("main")
    repo.git("merge", "-q", "--no-ff", "-m", "Both at once", "one", "two")
    return repo._tip()


def _edited(repo: Dated) -> str:
    """A merge in which whoever merged wrote something of his own."""
    repo.on("01-21")
    repo.branch("work")
    repo.commit("Work", files={"tools/three.py": "x = 1\n"})
    repo.checkout("main")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "work")
    repo.write({"screener/rank.py": "x = 2\n"})
    repo.git("add", "-A")
    repo.git("commit", "-q", "--no-verify", "-m", "Merge, with a bit more")
    return repo._tip()
