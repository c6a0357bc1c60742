"""Opens pages in a headless Chromium and says what it saw, as JSON. Run by the parts' own Python, not by pytest.

Reads from standard input: `{"axe": path, "shots": folder or null, "pages": [...]}`, each page with `name` and `path`.
axe-core looks at it in each of `schemes` (light, dark); `keyboard` presses Tab all the way through it; `csp: false`
switches its content security policy off, so that only escaping protects it.
Writes a list with, for each page: the requests and console errors it made, dialogs that a script opened, how far it
overflows at phone and desktop width, what axe-core finds in light and dark, and what the Tab key does not reach.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
OPEN_ALL = "document.querySelectorAll('details').forEach(it => { it.open = true })"
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth
  if (whole <= room) return []
  const wide = [...document.querySelectorAll('body *')].filter(it => it.checkVisibility() && !it.closest('svg, .sr')
    && it.getBoundingClientRect().right > room + 1).map(it => it.outerHTML.slice(0, 120))
  return [`${whole} > ${room}`, ...wide]
}"""
INTERACTIVE = """() => [...document.querySelectorAll('a[href], summary, button, input, [tabindex="0"]')]
  .filter(it => it.checkVisibility())
  .map((it, number) => { it.dataset.reach = number; return it.outerHTML.slice(0, 90) })"""
FOCUSED = """() => {
  const it = document.activeElement
  return it?.dataset.reach ? [Number(it.dataset.reach), getComputedStyle(it).outlineStyle !== 'none'] : null
}"""
AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(it => `${it.id}: ` +
  it.nodes.slice(0, 4).map(node => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 300)}`).join(' | '))"""


def main() -> None:
    wanted = json.load(sys.stdin)
    axe = Path(wanted["axe"]).read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        seen = [look_at(browser, page, axe, wanted.get("shots")) for page in wanted["pages"]]
        browser.close()
    json.dump(seen, sys.stdout)


def look_at(browser: Browser, wanted: dict[str, Any], axe: str, shots: str | None) -> dict[str, Any]:
    """Everything about one page."""
    context = browser.new_context(bypass_csp=not wanted.get("csp", True))
    page = context.new_page()
    found: dict[str, Any] = {"name": wanted["name"], "requests": [], "console": [], "dialogs": []}
    address = Path(wanted["path"]).as_uri()
    page.on("request", lambda request: found["requests"].append(request.url))
    page.on("console", lambda message: found["console"].append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found["console"].append(str(error)))
    page.on("dialog", lambda dialog: dismiss(dialog, found["dialogs"]))
    page.goto(address)
    found["requests"] = [url for url in found["requests"] if url not in (address, "data:,")]
    found["overflow"] = overflow(page, wanted["name"], shots)
    found["axe"] = {scheme: violations(page, scheme, axe) for scheme in wanted["schemes"]}
    if wanted.get("keyboard"):
        found["reachable"], found["unreached"], found["unmarked"] = unreached(page)
    context.close()
    return found


def dismiss(dialog: Dialog, seen: list[str]) -> None:
    seen.append(dialog.message)
    dialog.dismiss()


def overflow(page: Page, name: str, shots: str | None) -> dict[str, list[str]]:
    """What sticks out at each width, with everything folded and unfolded."""
    found: dict[str, list[str]] = {}
    for width, (across, down) in WIDTHS.items():
        page.set_viewport_size({"width": across, "height": down})
        found[width] = page.evaluate(OVERFLOW)
        if shots:
            photograph(page, Path(shots) / f"{name}-{width}")
    page.evaluate(OPEN_ALL)
    for width, (across, down) in WIDTHS.items():
        page.set_viewport_size({"width": across, "height": down})
        found[width] += page.evaluate(OVERFLOW)
    return found


def photograph(page: Page, stem: Path) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{stem}-{scheme}.png", full_page=True)


def violations(page: Page, scheme: Any, axe: str) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    return list(page.evaluate(AXE))


def unreached(page: Page) -> tuple[int, list[str], int]:
    """How many things there are to focus, which of them Tab never reaches, and how many show no outline then."""
    things = page.evaluate(INTERACTIVE)
    page.evaluate("() => { document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); scrollTo(0, 0) }")
    reached: set[int] = set()
    unmarked = 0
    for _ in range(len(things) + 5):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused:
            reached.add(focused[0])
            unmarked += not focused[1]
    return len(things), [thing for number, thing in enumerate(things) if number not in reached], unmarked


if __name__ == "__main__":
    main()
