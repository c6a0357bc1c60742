"""T56: words in the file that a reader of the rendered page is not shown are no evidence and no card (D53)."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

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
    "turned from its end to its beginning": f"\u202e{WORDS}\u202c",
    "blank letters": " ".join("\u200b\u2060\u3164\u2800" for _ in range(20)),
    "entities of blanks": "&#8203;&#x3164; &shy;&zwnj; " * 10,
    "source of a drawing that is not shown": f'```geojson\n{{"type": "Point", "note": "{WORDS}"}}\n```',
    "remark in a diagram": f"```mermaid\nflowchart LR\n%% {WORDS}\nA-->B\n```",
    "description of a diagram": f"```mermaid\nflowchart LR\naccDescr: {WORDS}\nA-->B\n```",
    "line that a diff takes out": f"```diff\n- {WORDS}\n```",
    "remark in a formula": f"$$\nx % {WORDS}\n$$",
    "white formula": f"$\\color{{white}}\\text{{{WORDS}}}$",
    "struck formula": f"$\\enclose{{updiagonalstrike}}{{\\text{{{WORDS}}}}}$",
    "tiny formula": f"so that $\\tiny\\text{{{WORDS}}}$ is the case",
    "what stands in for ruby": f"<ruby>a<rp>{WORDS}</rp><rt>b</rt></ruby>",
    "black on black": f"<table bgcolor=black><tr><td><font color=black>{WORDS}</font></td></tr></table>",
    "ink that the ground swallows": f"<table><tr bgcolor='#000'><td>{WORDS}</td></tr></table>",
    "yellow on white": f"<font color=yellow>{WORDS}</font>",
    "a ground that is a picture": f'<div style="background:url(black.png)">{WORDS}</div>',
    "a colour of no list": f'<span style="color:canvas">{WORDS}</span>',
    "letters on one another": f'<div style="letter-spacing:-1em">{WORDS}</div>',
    "a shadow over it": f'<div style="box-shadow:inset 0 0 0 999px white">{WORDS}</div>',
    "an outline over it": f'<div style="outline:99px solid white;outline-offset:-20px">{WORDS}</div>',
    "pushed out of its box": f'<div style="padding-left:9999px;overflow:hidden">{WORDS}</div>',
    "columns that nobody has room for": f'<div style="columns:900">{WORDS}</div>',
    "column of a table": f'<div style="display:table-column">{WORDS}</div>',
    "an escape in a style": f'<span style="dis\\70lay:none">{WORDS}</span>',
    "a style of no list": f'<span style="mask-image:none;opacity:.1">{WORDS}</span>',
    "a class of no list": f'<div class="u-hidden">\n\n{WORDS}\n\n</div>',
    "a class that lets all through": f'<div class="opacity-0">{WORDS}</div>',
    "a class beside a known one": f'<div class="note-hide">{WORDS}</div>',
    "a ground like the ink": f'<div style="background:rgba(0,0,0,.95)">{WORDS}</div>',
    "a class that collapses": f'<div class="note collapse">{WORDS}</div>',
    "a class of white text": f'<p class="text-white">{WORDS}</p>',
    "a class that strikes": f"<span class='line-through'>{WORDS}</span>",
    "letters of signs": f'<font face="Wingdings">{WORDS}</font>',
    "font of no size": f"<font size='-7'>{WORDS}</font>",
    "smaller and smaller": "<sub>" * 9 + WORDS + "</sub>" * 9,
    "a box that pops up": f"<div popover>{WORDS}</div>",
    "details under rejected": f"<details><summary>Rejected</summary>\n\n{WORDS}\n</details>",
    "heading that rejects": f"### Rejected\n\n{WORDS}",
    "heading that says it was not done": f"### Planned, not done yet\n\n{WORDS}",
    "heading that asks to skip": f"### Please ignore this part\n\n{WORDS}",
    "heading of a dummy": f"### Dummy text for the gate\n\n{WORDS}",
    "heading of what was cancelled": f"### Cancelled by the board\n\n{WORDS}",
    "numbered heading that rejects": f"### 3.1 Rejected\n\n{WORDS}",
    "signed heading that rejects": f"### ❌ Rejected!\n\n{WORDS}",
    "a ground that is the ink": f"<p style='background:currentcolor'>{WORDS}</p>",
    "letters backwards": f"<bdo dir=rtl>{WORDS}</bdo>",
    "heading of nothing": f"### Null and void\n\n{WORDS}",
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
    "classes of common tools": f'<div class="admonition note"><p class="text-center lead">{WORDS}</p></div>',
    "code that a tool coloured": f'<pre class="highlight"><code class="language-text">{WORDS}</code></pre>',
    "an anchor": f'<a class="anchor" id="leaks" href="#leaks"></a>{WORDS}',
    "table with widths and colours": f'<table border=1 cellpadding=4 style="border-collapse:collapse;width:100%">'
    f'<tr style="font-weight:bold; background-color: #f2f2f2;"><td width=30% style="text-align:left">{WORDS}</td></tr>'
    "</table>",
    "a dark ground and light ink": f'<table bgcolor=navy><tr><td><font color="white">{WORDS}</font></td></tr></table>',
    "red letters": f'<font color="red" size="+1" face="Arial">{WORDS}</font>',
    "a sum of money": f"The damage was between $5 and $6 a person. {WORDS} It cost $7.",
    "a formula": f"At $p \\geq 0.95$ and $\\alpha = 5\\%$: {WORDS}",
    "a diagram beside it": f"```mermaid\nflowchart LR\n%% nodes\nA-->B\n```\n\n{WORDS}",
    "ruby": f"<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> {WORDS}",
    "ruby without its ends": f"<ruby>漢<rp>(<rt>kan</ruby> {WORDS}",
    "rejected requests": f"### Rejected requests\n\n{WORDS}",
    "rejected by the model": f"### Rejected by the model\n\n{WORDS}",
    "padding of prompts": f"### Padding and truncation\n\n{WORDS}",
    "mock data": f"### Mock data\n\n{WORDS}",
    "section of pandoc": f'<div id="x" class="section level3">\n\n{WORDS}\n\n</div>',
    "paragraph of a word processor": f"<p class=MsoNormal style='text-align:justify'>{WORDS}</p>",
    "a faint ground": f'<div style="background-color:rgba(0,0,0,.05);padding:1em 2em">{WORDS}</div>',
    "coloured code": f'<div class="highlight-source-python notranslate"></div>{WORDS}',
    "deleted accounts": f"### Accounts deleted after the test\n\n{WORDS}",
    "a test": f"### Test\n\n{WORDS}",
    "a diff with what came": f"```diff\n+ {WORDS}\n```",
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
    card = read_markdown_card(f"# Ranker\n\n## Limitations\n\n{form}\n", CARD_WORDS)
    assert "salary" not in "\n".join(card.texts.get("known_limitations", ()))


@pytest.mark.parametrize("form", SHOWN.values(), ids=SHOWN)
def test_t56_what_is_shown_is_text_of_a_card(form: str) -> None:
    card = read_markdown_card(f"# Ranker\n\n## Limitations\n\n{form}\n", CARD_WORDS)
    assert "salary" in "\n".join(card.texts.get("known_limitations", ()))
