"""T17: results that declare entities or point outside themselves."""

from __future__ import annotations

import pytest
from evidence import junit
from promotion import Promotion

ID = "bias-benchmark-suite"
PATH = f"reports/{ID}.xml"
GOOD = junit(ID)
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
INCLUDE = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'


def declaring(doctype: str, name: str = "case_0") -> str:
    return GOOD.replace("?>", f"?>{doctype}", 1).replace("case_0", name)


@pytest.mark.parametrize(
    "report",
    [
        declaring('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>', "&a;"),
        declaring(f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>', "&a11;"),
        declaring('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'),
        declaring('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
        declaring("<!DOCTYPE testsuite>"),
        GOOD.replace("</testsuite>", f"{INCLUDE}</testsuite>"),
    ],
    ids=["external", "laughs", "parameter", "dtd", "doctype", "xinclude"],
)
def test_t17_a_result_that_reaches_out_is_refused(promotion: Promotion, report: str) -> None:
    result = promotion.attempt({PATH: report})
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"])
    assert "declares a DTD, an entity or an external reference" in result.finding(ID)["message"]


def test_t17_the_five_entities_of_xml_itself_are_fine(promotion: Promotion) -> None:
    result = promotion.attempt({PATH: GOOD.replace("case_0", "a &lt; b &amp;&#38; &quot;c&quot;")})
    assert (result.code, result.finding(ID)["state"]) == (0, "met")


@pytest.mark.parametrize("report", ["<testsuite>" * 5000, GOOD.replace("case_0", "&nope;"), GOOD[:-9]])
def test_t17_what_is_no_xml_is_refused(promotion: Promotion, report: str) -> None:
    assert promotion.attempt({PATH: report}).blocking() == [f"test:{ID}"]
