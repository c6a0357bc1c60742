"""Sources that a page draws instead of printing them: code of drawings, and formulas."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_PER_CENT: Final = "\ue0f1"
"""an escaped per cent sign, which begins no comment of a formula"""
_DIAGRAMS: Final = frozenset({"mermaid"})
"""drawings that show the words of their source, comments aside"""
_DRAWN_TEXT: Final = """
    actdiag abc asciimath bytefield blockdiag bpmn chart c4plantuml d2 dbml ditaa dot echarts erd excalidraw flow
    flowchart geojson graphviz kroki latex-math markmap math mathjax nomnoml nwdiag packetdiag pikchr plantuml puml
    rackdiag seqdiag sequence smiles stl structurizr svgbob symbolator svg tikz topojson uml umlet vega vega-lite
    vegalite viz wavedrom wireviz
    """
_DRAWN: Final = frozenset(_DRAWN_TEXT.split())
"""drawings whose source is not shown"""
_COMMENTS: Final = lazy_pattern(r"%%.*|^\s*(?:accTitle|accDescr)\s*(?::.*|\{[^}]*\})|^---\n.*?^---$", re.MULTILINE)
_REMOVED: Final = lazy_pattern(r"^-(?!--).*$", re.MULTILINE)
"""a line of a diff that is shown as taken out"""
_FORMULA: Final = lazy_pattern(r"\$\$(?:.*?)\$\$|(?<![\w$])\$(?=[^\s$])[^$]*?(?<=[^\s$])\$(?![\w$])", re.DOTALL)
_COMMENT: Final = lazy_pattern(r"%.*")
_COMMAND: Final = lazy_pattern(r"\\([A-Za-z]+)")
_COMMANDS_TEXT: Final = """
    text textbf textit textrm mathrm mathbf mathit mathbb mathcal operatorname le leq leqslant ge geq geqslant lt gt
    ne neq approx sim simeq equiv pm mp times cdot div frac dfrac tfrac sqrt sum prod int lim max min log ln exp sin
    cos tan alpha beta gamma delta epsilon varepsilon zeta eta theta lambda mu nu xi pi rho sigma tau phi varphi chi
    psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega infty partial nabla in notin subset cup cap to
    rightarrow leftarrow Rightarrow mapsto hat bar tilde vec overline underline left right big Big quad qquad ldots
    cdots dots mid vert Vert ll gg propto forall exists langle rangle lfloor rfloor lceil rceil circ degree percnt
    begin end
    """
_COMMANDS: Final = frozenset(_COMMANDS_TEXT.split())
"""commands that are known to show what they are given"""


def kept(text: str) -> str:
    """A Markdown text with its escaped per cent signs marked, since reading it takes the escapes away."""
    return text.replace("\\%", _PER_CENT) if "$" in text else text


def restored(text: str, *, escaped: bool = True) -> str:
    """The text with these signs as they were, escaped or not."""
    return text.replace(_PER_CENT, "\\%" if escaped else "%")


def shown_code(source: str, info: str) -> tuple[str, bool]:
    """What a page shows of a code fence, and whether it draws it; `info` stands behind the fence."""
    found = re.match(r"\{?\s*[.:]?([\w+#-]+)", info.strip().casefold())
    language = found[1] if found else ""
    if language in _DIAGRAMS:
        return _COMMENTS.sub("", source), True
    if language in _DRAWN:
        return "", True
    return (_REMOVED.sub("", source) if language in ("diff", "patch", "udiff") else source), False


def without_hidden_formulas(text: str) -> str:
    """The text without formulas that may show less than they say: comments, and commands that are not known."""
    return _FORMULA.sub(_formula, text)


def _formula(found: re.Match[str]) -> str:
    said = _COMMENT.sub("", found[0]) if "%" in found[0] else found[0]
    return said if all(name in _COMMANDS for name in _COMMAND.findall(said)) else ""
