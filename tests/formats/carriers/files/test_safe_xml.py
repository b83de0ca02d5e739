"""XML and HTML made to hurt: a clear reason, and nothing fetched, expanded or kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partita.formats.carriers import safe_xml
from partita.formats.carriers.safe_xml import UnreadableError

LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9))
    + "]><l>&j;</l>"
)
UTF_16 = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}'.encode("utf-16")
UTF_7 = b'<?xml version="1.0" encoding="UTF-7"?>' + LAUGHS.replace("<", "+ADw-").replace("&", "+ACY-").encode()
QUADRATIC = b'<!DOCTYPE l [<!ENTITY a "' + b"x" * 50_000 + b'">]><l>' + b"&a;" * 50_000 + b"</l>"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LAUGHS.encode(), "uses entities"),
        (UTF_16, "uses entities"),
        (UTF_7, "entity"),
        (QUADRATIC, "uses entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', "uses entities"),
        (b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x"> %b;]><a/>', "uses entities"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a>&b;</a>', "uses entities"),
        (b"<a>" * 300_000, "well-formed"),
        (b"<a>" * 150 + b"</a>" * 150, "nested more than 100"),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", "more than 100,000 elements"),
        (b"<a>" + b" " * (3 << 20) + b"</a>", "larger than"),
        (b"<a><b></a>", "line 1"),
        (b" \n ", "empty"),
        (b"\xff\xfe\x00", "well-formed"),
    ],
)
def test_hostile_xml_is_refused_with_its_reason(content: bytes, why: str) -> None:
    """Bombs, external entities, depth, size and broken bytes each give one line that names the matter."""
    with pytest.raises(UnreadableError, match=why):
        safe_xml.xml(content)


def test_a_doctype_is_not_followed(tmp_path: Path) -> None:
    """An external subset is neither read nor needed: old packages name one."""
    outside = tmp_path / "outside.dtd"
    outside.write_text('<!ELEMENT a (#PCDATA)><!ATTLIST a said CDATA "from outside">')
    assert dict(safe_xml.xml(f'<!DOCTYPE a SYSTEM "{outside.as_uri()}"><a/>'.encode()).attrib) == {}


def test_pages_are_mended_within_limits() -> None:
    """HTML is read as browsers read it, and refused where it is too deep or holds nothing."""
    page = safe_xml.html(b"<p>one<p>two &copy; <link rel=license>")
    assert [safe_xml.local(e) for e in page.iter("p", "link")] == ["p", "p", "link"]
    for content, why in ((b"<div>" * 200_000, "deep"), (b"<!-- nothing -->", "no element"), (b"", "empty")):
        with pytest.raises(UnreadableError, match=why):
            safe_xml.html(content)


@given(st.binary(max_size=300) | st.text(alphabet="<>/ab&;!\"=' \n-[]", max_size=200).map(str.encode))
@example(b"\0")
@example(b"<?xml version='1.0' encoding='nothing'?><a/>")
def test_any_bytes_give_an_element_or_a_reason(content: bytes) -> None:
    """Nothing else is ever raised, whatever the bytes."""
    for parse in (safe_xml.xml, safe_xml.html):
        try:
            root = parse(content)
        except UnreadableError as error:
            assert str(error)  # noqa: PT017 - either outcome is right, each has its own check
        else:
            assert isinstance(safe_xml.local(root), str)
            assert isinstance(safe_xml.text(root), str)
