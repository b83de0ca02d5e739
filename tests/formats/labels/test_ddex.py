"""DDEX ERN 4.3.2: a record's recording and contributors are written, valid by the schema, and read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from partita.errors import InputError
from partita.formats.labels import ddex
from partita.formats.labels.ddex import ALL, NONE, PARTLY, Contributor, Recording, Track
from partita.formats.labels.shape import Contribution, Making, Part, State

TRACK = Track("QMXYZ2600001", "Night Harbour", 200, {"P1": "Writer One (fictional)", "P2": "李望（虛構）"})
SUITE = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ern="http://ddex.net/xml/ern/432">
<xs:import namespace="http://ddex.net/xml/ern/432" schemaLocation="release-notification.xsd"/>
<xs:element name="Fragment"><xs:complexType><xs:sequence>
<xs:element name="PartyList" type="ern:PartyList"/><xs:element name="ResourceList" type="ern:ResourceList"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def record(*parts: tuple[str, Making, str, str]) -> Contribution:
    """A record of parts: what, how, with which tool, by whom."""
    return Contribution("夜港 Night Harbour", tuple(Part(p, m, tool, party=who) for p, m, tool, who in parts))


HUMAN = record(("lyrics", Making.HUMAN, "", "P1"), ("melody", Making.HUMAN, "", "00000000199"))
MIXED = record(
    ("lyrics", Making.HUMAN, "", "P1"),
    ("melody", Making.ASSISTED, "melody/v1", "P2"),
    ("vocals", Making.GENERATED, "singer/v2", "P1"),
    ("production", Making.HUMAN, "", ""),
)
MACHINE = record(("whole", Making.GENERATED, "song/v5", "P1"), ("artwork", Making.HUMAN, "", "P2"))
RECORDS = {NONE: HUMAN, PARTLY: MIXED, ALL: MACHINE}


@pytest.mark.parametrize("value", RECORDS)
def test_a_record_is_written_and_read_again(value: str) -> None:
    """What a message says of a recording comes back as it was written, whichever of the three values it has."""
    told = ddex.recording(RECORDS[value], TRACK)
    assert told.contains_ai == value
    assert ddex.read(ddex.write(RECORDS[value], TRACK)) == (told,)
    assert ddex.label(told).making is {ALL: Making.GENERATED, PARTLY: Making.ASSISTED, NONE: Making.HUMAN}[value]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory, vectors: Callable[[str], Path]) -> etree.XMLSchema:
    """The schema of ERN 4.3.2 (OpenAudio/ddex-proto), with the fragment as its root."""
    fetched = (vectors("ddex-proto") / "xsd" / "ernv432" / "release-notification.xsd").resolve()
    wrapper = tmp_path_factory.mktemp("xsd") / "fragment.xsd"
    wrapper.write_text(SUITE.replace("release-notification.xsd", fetched.as_uri()))
    return etree.XMLSchema(etree.parse(wrapper, etree.XMLParser(no_network=True)))


@pytest.mark.parametrize("value", RECORDS)
def test_the_fragment_is_valid_by_the_schema(schema: etree.XMLSchema, value: str) -> None:
    """PartyList and ResourceList validate against DDEX's own schema, which is fetched for the run."""
    assert schema.validate(etree.fromstring(ddex.write(RECORDS[value], TRACK))), schema.error_log


def test_the_schema_refuses_another_value(schema: etree.XMLSchema) -> None:
    """The check can fail: a value that DDEX does not have is refused by the schema."""
    wrong = ddex.write(HUMAN, TRACK).replace(b"<ContainsAI>None<", b"<ContainsAI>Some<")
    assert not schema.validate(etree.fromstring(wrong))


def test_with_all_only_machines_contribute() -> None:
    """A wholly generated recording names GenerativeAI and its tool, and nobody else; its picture is another matter."""
    told = ddex.recording(MACHINE, TRACK)
    assert told.contributors == (Contributor(special="GenerativeAI", roles=("Artist",), ai=ALL, credit="song/v5"),)
    assert ddex.contains_ai(MACHINE, ("artwork",)) == PARTLY


def test_each_contributor_says_its_own_share() -> None:
    """People are None or Partly, machines All; who is not named has no contributor."""
    told = ddex.recording(MIXED, TRACK)
    assert [(one.name, one.special, one.ai) for one in told.contributors] == [
        ("Writer One (fictional)", "", NONE),
        ("李望（虛構）", "", PARTLY),
        ("", "GenerativeAI", ALL),
    ]


def test_a_party_without_a_name_is_its_ipi() -> None:
    """An IPI stands as an IPI name number, not as somebody's name."""
    assert ("", "00000000199") in [(one.name, one.ipi) for one in ddex.recording(HUMAN, TRACK).contributors]
    assert b"<IpiNameNumber>00000000199<" in ddex.write(HUMAN, TRACK)


def test_the_five_categories_of_a_service() -> None:
    """Lyrics, composition, vocals and post-production are told apart; what the record is silent on is left out."""
    assert ddex.categories(MIXED) == {"lyrics": NONE, "composition": PARTLY, "vocals": ALL, "post-production": NONE}
    assert set(ddex.categories(MACHINE).values()) == {ALL}


def test_parts_are_told_by_roles() -> None:
    """Roles and AiContribution give the parts of an authorship record, with the tool that was credited."""
    found = {part.part: (part.making, part.tool) for part in ddex.parts(ddex.recording(MIXED, TRACK))}
    assert found == {
        "lyrics": (Making.HUMAN, ""),
        "melody": (Making.ASSISTED, "melody/v1"),
        "vocals": (Making.GENERATED, "singer/v2"),
    }


def test_a_machine_is_all_where_the_message_is_silent() -> None:
    """AiContribution defaults to All for GenerativeAI, and to nothing for a party."""
    text = b"<m><SoundRecording><Contributor><SpecialContributor>GenerativeAI</SpecialContributor></Contributor>"
    text += b"<Contributor><ContributorPartyReference>P9</ContributorPartyReference></Contributor></SoundRecording></m>"
    (told,) = ddex.read(text)
    assert [(one.name, one.ai) for one in told.contributors] == [("", ALL), ("P9", "")]
    assert ddex.label(told).state is State.UNSIGNED


def test_a_message_that_says_nothing_has_no_label() -> None:
    """Silence is no statement that people made it."""
    assert ddex.label(Recording("QMXYZ2600001", "A")).state is State.NONE


@pytest.mark.parametrize(
    "content",
    [b"", b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a>" * 200 + b"</a>" * 200],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    """Broken, deep or expanding XML is bad input, with a reason."""
    with pytest.raises(InputError, match="the message"):
        ddex.read(content)


def test_a_recording_needs_its_isrc_and_parts() -> None:
    """No message is made without an ISRC, of a picture alone, or with what XML cannot hold."""
    with pytest.raises(InputError, match="no ISRC"):
        ddex.write(HUMAN, Track("nonsense", "A", 1))
    with pytest.raises(InputError, match="no part of the recording"):
        ddex.write(record(("artwork", Making.HUMAN, "", "")), TRACK)
    with pytest.raises(InputError, match="XML cannot"):
        ddex.write(HUMAN, Track("QMXYZ2600001", "A\0", 1))
