"""T56: words in the file that a reader of the rendered page is not shown are no evidence and no card (D53)."""

from __future__ import annotations

import pytest

from policy_gate.cards.markdown_sections import read_markdown_card
from policy_gate.facts.document_sections import read_markdown

WORDS = "Two prompts leaked the salary of an applicant and were closed before the release."
COUNT = 14

HIDDEN = {
    "comment": f"<!-- {WORDS} -->",
    "comment that goes on through a blank line": f"<div>\n<!-- first\n\n{WORDS}\n\n-->\n</div>",
    "comment that never ends": f"<!-- {WORDS}\n\n{WORDS}",
    "processing instruction": f"<?note {WORDS} ?>",
    "processing instruction in a line": f"<?note {WORDS} ?>\n",
    "declaration": f"<!NOTE {WORDS}>",
    "character data": f"<![CDATA[{WORDS}]]>",
    "noscript": f"<noscript>{WORDS}</noscript>",
    "noscript around Markdown": f"<noscript>\n\n{WORDS}\n\n</noscript>",
    "template": f"<template>\n\n{WORDS}\n\n</template>",
    "template that a stray end does not close": f"<div>\n<template>\n</div>\n\n{WORDS}\n\n</template>",
    "script": f"<script type='text/plain'>\n{WORDS}\n</script>",
    "style": f"<style>\n{WORDS}\n</style>",
    "drawing": f"<svg><desc>{WORDS}</desc></svg>",
    "object": f"<object data='a.pdf'>{WORDS}</object>",
    "video": f"<video src='a.mp4'>\n\n{WORDS}\n\n</video>",
    "frame": f"<iframe>{WORDS}</iframe>",
    "closed dialog": f"<dialog>\n\n{WORDS}\n\n</dialog>",
    "list of choices": f"<datalist><option>{WORDS}</option></datalist>",
    "area of a form": f"<textarea hidden>{WORDS}</textarea>",
    "an element of no language": f"<invisible-note>{WORDS}</invisible-note>",
    "hidden": f"<div hidden>\n\n{WORDS}\n\n</div>",
    "hidden with a value": f'<p hidden="until-found">{WORDS}</p>',
    "hidden from all but eyes": f'<span aria-hidden="true">{WORDS}</span>',
    "not displayed": f'<span style="display:/**/none">{WORDS}</span>',
    "not displayed, in capitals": f'<DIV STYLE="Color:black;DISPLAY : NONE !important">{WORDS}</DIV>',
    "collapsed": f'<div style="visibility:collapse">\n\n{WORDS}\n\n</div>',
    "no size of letters": f'<span style="font-size:0">{WORDS}</span>',
    "hardly any size of letters": f'<span style="font-size: .5px">{WORDS}</span>',
    "short form of the font": f'<span style="font:0/0 a">{WORDS}</span>',
    "seen through": f'<span style="opacity:0.0">{WORDS}</span>',
    "no width": f'<div style="width:0;overflow:hidden">{WORDS}</div>',
    "no height": f'<div style="max-height:1px;overflow:hidden">\n\n{WORDS}\n\n</div>',
    "no width in an attribute": f'<table width="0"><tr><td>{WORDS}</td></tr></table>',
    "white": f'<span style="color:#fff">{WORDS}</span>',
    "nearly white": f'<span style="color: rgb(254, 254, 254)">{WORDS}</span>',
    "white font": f'<font color="white">{WORDS}</font>',
    "its own background's colour": f'<span style="color:#123456;background:#123456">{WORDS}</span>',
    "clear": f'<span style="color:rgba(0,0,0,0)">{WORDS}</span>',
    "outside the page": f'<div style="position:absolute;left:-9999px">{WORDS}</div>',
    "indented away": f'<p style="text-indent:-999em">{WORDS}</p>',
    "clipped": f'<div style="clip-path:inset(50%)">{WORDS}</div>',
    "scaled away": f'<div style="transform:scale(0)">{WORDS}</div>',
    "a class that hides": f'<div class="note sr-only">{WORDS}</div>',
    "the first of two styles": f'<span style="display:none" style="display:block">{WORDS}</span>',
    "struck": f"~~{WORDS}~~",
    "struck with one tilde": f"~{WORDS}~",
    "struck around emphasis": "~~Two **prompts** leaked the `salary` of an applicant and were closed.~~",
    "struck element": f"<s>{WORDS}</s>",
    "deleted": f"<del>\n\n{WORDS}\n\n</del>",
    "struck in an old way": f"<strike>{WORDS}</strike>",
    "struck by a style": f'<span style="text-decoration: line-through">{WORDS}</span>',
    "struck through to the next paragraph": f"<s>a\n\n{WORDS}\n\nb</s>",
    "footnote that nothing refers to": f"[^1]: {WORDS}",
    "footnote that refers to itself": f"[^1]: See [^1].\n    {WORDS}",
    "footnote of two paragraphs": f"[^a]: {WORDS}\n\n    {WORDS}",
    "reference definition": f'[a]: http://example.com "{WORDS}"',
    "title of a link": f'[](http://example.com "{WORDS}")',
    "picture": f'![{WORDS}](a.png "{WORDS}")',
    "picture element": f'<img src="a.png" alt="{WORDS}" title="{WORDS}">',
    "blank letters": " ".join("\u200b\u2060\u3164\u2800" for _ in range(20)),
    "entities of blanks": "&#8203;&#x3164; &shy;&zwnj; " * 10,
    "phantom of a formula": f"$\\phantom{{{WORDS}}}$",
    "details under withdrawn": f"<details>\n<summary>Withdrawn</summary>\n\n{WORDS}\n\n</details>",
    "details under an older text": f"<details><summary><b>Superseded by version 3</b></summary>\n\n{WORDS}\n</details>",
    "heading that withdraws": f"### Withdrawn\n\n{WORDS}",
    "heading that withdraws what it names": f"### Limitations (no longer true)\n\n{WORDS}\n\n#### More\n\n{WORDS}",
    "obsolete text": f"### Obsolete text\n\n{WORDS}",
    "an example": f"### Example\n\n{WORDS}",
    "introduced as gone": f"The following no longer applies:\n\n- {WORDS}",
    "introduced as gone in one paragraph": f"None of the following is true any more: {WORDS}",
    "the section says so itself": f"{WORDS}\n\nThis section is obsolete.",
    "what is above is gone": f"{WORDS}\n\nThe above statements no longer hold.",
    "quoted as another's": f"The template reads:\n\n> {WORDS}",
    "quoted and signed by another": f"> {WORDS}\n>\n> — A. Competitor",
}  # fmt: skip

SHOWN = {
    "plain": WORDS,
    "emphasis": f"**{WORDS}**",
    "paragraph that is set in the middle": f'<p align="center">{WORDS}</p>',
    "box with Markdown": f"<div>\n\n{WORDS}\n\n</div>",
    "centred box with a logo": f'<div align="center"><img src="logo.png" width="1"><br>\n\n{WORDS}\n</div>',
    "table": f"<table><thead><tr><th>Finding</th></tr></thead><tr><td>{WORDS}</td></tr></table>",
    "Markdown table": f"| a | b |\n|---|---|\n| one | {WORDS} |",
    "list in HTML": f"<ul><li>{WORDS}<li>{WORDS} Again.</ul>",
    "breaks": f"{WORDS}<br/>{WORDS} Again.",
    "small letters and keys": f"<sub>{WORDS}</sub> <kbd>Ctrl</kbd>",
    "details": f"<details>\n<summary>How it was done</summary>\n\n{WORDS}\n\n</details>",
    "details about what was withdrawn": f"<details><summary>Access withdrawn</summary>\n\n{WORDS}\n</details>",
    "after a comment": f"<!-- note -->\n\n{WORDS}",
    "after a hidden box": f"<div hidden>x</div>\n\n{WORDS}",
    "after a script": f"<script>var a = '<div hidden>'</script>\n\n{WORDS}",
    "after a struck word": f"~~old~~ {WORDS}",
    "about a size and a home folder": f"{WORDS} It took ~5 minutes and ~6 people, see `~/a` and `~/b`.",
    "footnote with a reference": f"Leaks[^1].\n\n[^1]: {WORDS}",
    "readable style": f'<div style="color:#333;font-size:12px;width:100%;margin:0;line-height:1.5">{WORDS}</div>',
    "white on black": f'<div style="background:#000"><span style="color:white">{WORDS}</span></div>',
    "note of the author's own": f"> [!WARNING]\n> {WORDS}",
    "quotation without an introduction": f"> {WORDS}",
    "what the vendor says of its data": f"The vendor says of its data:\n\n> {WORDS}",
    "findings that were fixed": f"The following findings were fixed:\n\n- {WORDS}",
    "accounts that are gone": f"The following accounts no longer have access:\n\n- {WORDS}",
    "old systems": f"### Systems withdrawn from service\n\n{WORDS}",
    "code": f"```text\n{WORDS}\n```",
    "badge beside it": f"[![build](b.svg)](ci) {WORDS}",
    "picture with sources": f"<picture><source srcset='a'><img src='b'></picture>\n\n{WORDS}",
    "a prohibition": f"It must not be used for the following:\n\n- {WORDS}",
}  # fmt: skip


@pytest.mark.parametrize("form", HIDDEN.values(), ids=HIDDEN)
def test_t56_what_nobody_is_shown_is_no_evidence(form: str) -> None:
    section = read_markdown(f"## Findings\n\n{form}\n").sections[0]
    assert section.words < COUNT - 3, section


@pytest.mark.parametrize("form", SHOWN.values(), ids=SHOWN)
def test_t56_what_is_shown_counts(form: str) -> None:
    section = read_markdown(f"## Findings\n\n{form}\n").sections[0]
    assert section.words >= COUNT - 2, section


@pytest.mark.parametrize("form", HIDDEN.values(), ids=HIDDEN)
def test_t56_what_nobody_is_shown_is_no_text_of_a_card(form: str) -> None:
    card = read_markdown_card(f"# Ranker\n\n## Limitations\n\n{form}\n")
    assert "salary" not in "\n".join(card.texts.get("known_limitations", ()))


@pytest.mark.parametrize("form", SHOWN.values(), ids=SHOWN)
def test_t56_what_is_shown_is_text_of_a_card(form: str) -> None:
    card = read_markdown_card(f"# Ranker\n\n## Limitations\n\n{form}\n")
    assert "salary" in "\n".join(card.texts.get("known_limitations", ()))
