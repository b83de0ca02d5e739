"""The one way in which XML and HTML from outside are parsed: no entities, no DTD, no network, and limits on everything.

A document type declaration without an internal subset is let pass and never fetched (old EPUB packages have one); any
declaration of an entity refuses the document, in whatever encoding it stands.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

SIZE_MOST = 2 << 20
"""Bytes of a document."""
DEPTH_MOST = 100
"""Elements within elements."""
ELEMENTS_MOST = 100_000

Element = Any
"""An element of lxml, which has no types."""


class UnreadableError(ValueError):
    """Why bytes cannot be read, in words: what is wrong and on which line."""


def xml(content: bytes, *, size_most: int = SIZE_MOST) -> Element:
    """The root of an XML document. Raises UnreadableError for what is not XML, too large, too deep, or has entities."""
    _sized(content, size_most)
    if b"<!ENTITY" in content.replace(b"\0", b"").upper():
        raise UnreadableError("uses entities, which are not read; write the text itself")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"is not well-formed XML: {_brief(str(error))}") from None
    subset = root.getroottree().docinfo.internalDTD
    if any(True for _ in root.iter(etree.Entity)) or (subset is not None and any(True for _ in subset.iterentities())):
        raise UnreadableError("uses entities, which are not read; write the text itself")
    return _measured(root)


def html(content: bytes, *, size_most: int = SIZE_MOST) -> Element:
    """The root of an HTML page, mended as browsers do. Raises UnreadableError for what is empty, large or deep."""
    _sized(content, size_most)
    parser = etree.HTMLParser(no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"is no HTML: {_brief(str(error))}") from None
    if root is None:
        raise UnreadableError("is no HTML: it holds no element")
    return _measured(root)


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    """The namespace of an element; empty for none."""
    return (etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def text(element: Element) -> str:
    """All text of an element, with single blanks."""
    return " ".join("".join(element.itertext()).split())


def _sized(content: bytes, most: int) -> None:
    if not content.strip():
        raise UnreadableError("is empty")
    if len(content) > most:
        raise UnreadableError(f"is larger than {most:,} bytes")


def _measured(root: Element) -> Element:
    """The root, once it is known to be neither too deep nor of too many elements."""
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEPTH_MOST:
            raise UnreadableError(f"is nested more than {DEPTH_MOST} elements deep")
        if count > ELEMENTS_MOST:
            raise UnreadableError(f"has more than {ELEMENTS_MOST:,} elements")
    return root


def _brief(message: str) -> str:
    return " ".join(message.split())[:200]
