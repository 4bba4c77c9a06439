"""Files as broadcasters and recorders write them, and as they break: what is read, what is noted, what is refused."""

from collections.abc import Callable

import pytest

from coding.subtitles.reading import FORMATS
from tests.coding.subtitles.conftest import Read, noted, said

Refused = Callable[..., list[tuple[str, int | None]]]

BROADCAST = """\ufeff1
00:00:01,000 --> 00:00:03,500  X1:040 X2:600 Y1:050 Y2:100
<i>Добрый вечер.</i>
{\\an8}Вы смотрите <font color="#ffff00">новости</font>.

2
00:00:03,500 --> 00:00:06,000
- Кто это сказал?
- Министр. 5 < 6.

3
100:00:00.000 --> 100:00:02,000
Конец
"""

YOUTUBE = """WEBVTT
Kind: captions
Language: kk-KZ

STYLE
::cue { color: white }

REGION
id:fred

NOTE a remark
over two lines

00:00:00.000 --> 00:00:02.000 align:start position:0%
\x20
сәлем<00:00:00.500><c> қазақстан</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
сәлем қазақстан
\x20

id-3
00:00:02.010 --> 00:00:04.000 align:start position:0%
сәлем қазақстан
бүгін<00:00:03.000><c> сайлау</c> &amp; дауыс&nbsp;беру

00:05.000 --> 00:06.000
<v.loud Айгүл Сериковна>– Рас па?</v>
"""

EBU = """<?xml version="1.0" encoding="UTF-8"?>
<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
 xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
 ttp:timeBase="media" ttp:frameRate="25" ttp:cellResolution="50 30" xml:lang="ka">
 <tt:head><tt:metadata><ttm:title>not spoken</ttm:title></tt:metadata></tt:head>
 <tt:body begin="10s"><tt:div begin="00:00:01.000" end="00:00:09.000">
  <tt:p begin="00:00:01:05" end="00:00:03:00" region="bottom">
   <ttm:desc>not spoken</ttm:desc>
   <tt:span tts:color="yellow">გამარჯობა,</tt:span> <tt:span>საქართველო<tt:br/>
   მეორე   ხაზი</tt:span>
  </tt:p>
  <tt:p><tt:span begin="4s" dur="2000ms">first</tt:span><tt:span begin="6s" end="99s">second</tt:span></tt:p>
  <tt:p begin="7s" end="8s"/>
 </tt:div></tt:body>
</tt:tt>
"""


def tt(body: str, parameters: str = "", attributes: str = "") -> str:
    namespaces = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    return f"<tt {namespaces} {parameters} {attributes}><body><div>{body}</div></body></tt>"


# SRT


def test_srt_of_a_broadcaster(read: Read) -> None:
    found = read(BROADCAST)
    assert said(found) == [
        (1000, 3500, "Добрый вечер.\nВы смотрите новости."),
        (3500, 6000, "- Кто это сказал?\n- Министр. 5 < 6."),
        (360_000_000, 360_002_000, "Конец"),
    ]
    assert (found.kind, found.encoding, found.notes) == ("srt", "utf-8", ())


def test_srt_without_numbers_and_with_an_empty_line_in_a_text(read: Read) -> None:
    found = read("00:00:01,000 --> 00:00:02,000\none\n\n1984\n\n00:00:03,000 --> 00:00:04,000\ntwo")
    assert [text for _, _, text in said(found)] == ["one\n1984", "two"]


def test_what_is_odd_is_kept_and_noted(read: Read) -> None:
    found = read(
        "1\n00:00:05,000 --> 00:00:07,000\nlate\n\n2\n00:00:01,000 --> 00:00:06,000\nearly\n\n"
        "3\n00:00:08,000 --> 00:00:08,000\nflash\n\n4\n00:00:09,000 --> 00:00:10,000\n<i></i>\n\n"
    )
    assert said(found) == [(1000, 6000, "early"), (5000, 7000, "late"), (8000, 8001, "flash")]
    assert noted(found) == [("no_length", 10), ("order", 6), ("overlap", 2), ("empty", 14)]
    assert "0:00:08" in found.notes[0].text()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,0", [("cut", 6)]),
        ("1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 --> 00:00:04,000", [("cut", 6)]),
        ("1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n", [("cut", 6)]),
        ("1\n00:00:01,000 --> 00:00:02,000\none\n\n2", [("cut", 5)]),
        ("1\n-00:00:01,000 --> 00:00:02,000\none\n", [("time", 2)]),
        ("1\n00:00:61,000 --> 00:01:02,000\none\n\n2\n00:00:03,000 -> 00:00:04,000\ntwo\n", [("time", 2), ("time", 6)]),
        ("1\n00:00:05,000 --> 00:00:02,000\none\n", [("reversed", 2)]),
        ("Translated by nobody\n\n1\n00:00:01,000 --> 00:00:02,000\none\n", [("no_time", 1)]),
        ("no subtitles at all\n", [("no_time", 1)]),
        ("1\n00:00:01,000 --> 00:00:02,000\n<b> </b>\n", [("no_cues", None)]),
    ],
)
def test_a_broken_srt_is_refused_with_every_place(
    refused: Refused, text: str, problems: list[tuple[str, int | None]]
) -> None:
    assert refused(text) == problems


# WebVTT


def test_vtt_of_a_platform(read: Read) -> None:
    found = read(YOUTUBE, "talk.vtt")
    assert said(found) == [
        (0, 2000, "сәлем қазақстан"),
        (2000, 2010, "сәлем қазақстан"),
        (2010, 4000, "сәлем қазақстан\nбүгін сайлау & дауыс беру"),
        (5000, 6000, "– Рас па?"),
    ]
    assert (found.kind, found.declared, noted(found)) == ("vtt", "kk-KZ", [])


def test_vtt_of_a_stream_keeps_its_times_and_says_so(read: Read) -> None:
    head = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n"
    found = read(f"{head}00:01.000 --> 00:02.000\none\n\n{head}00:03.000 --> 00:04.000\ntwo\n", "hls.vtt")
    assert [(start, text) for start, _, text in said(found)] == [(1000, "one"), (3000, "two")]
    assert noted(found) == [("map_not_used", 1)]
    assert "10000 ms" in found.notes[0].text()


def test_vtt_without_empty_lines_between(read: Read) -> None:
    found = read("WEBVTT\n00:01.000 --> 00:02.000\none\n00:02.000 --> 00:03.000\ntwo\n", "x.vtt")
    assert [text for _, _, text in said(found)] == ["one", "two"]


def test_a_line_of_spaces_between_cues(read: Read) -> None:
    found = read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\none\n \n2\n00:02.000 --> 00:03.000\ntwo\n", "x.vtt")
    assert [text for _, _, text in said(found)] == ["one", "two"]


def test_what_stands_between_cues_is_named(read: Read) -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\nand more\n\n00:02.000 --> 00:03.000\ntwo\n", "x.vtt")
    assert noted(found) == [("outside", 6)]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:0", [("cut", 6)]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\nid-2", [("cut", 6)]),
        ("WEBVTT\n\n00:01 --> soon\none\n", [("time", 3)]),
        ("WEBVTT\n", [("no_cues", None)]),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\none\n", [("no_header", 1)]),
        ("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:0,MPEGTS:x\n\n00:01.000 --> 00:02.000\none\n", [("map", 2)]),
        (
            "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:01.000 --> 00:02.000\none\n\n"
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\ntwo\n",
            [("maps_differ", 7)],
        ),
    ],
)
def test_a_broken_vtt_is_refused(refused: Refused, text: str, problems: list[tuple[str, int | None]]) -> None:
    assert refused(text, "x.vtt") == problems


# TTML


def test_ttml_of_a_broadcaster(read: Read) -> None:
    """Times count from the beginning of what they stand in and end with it; styles and metadata are not said."""
    found = read(EBU, "x.xml")
    assert said(found) == [
        (12_200, 14_000, "გამარჯობა, საქართველო\nმეორე ხაზი"),
        (15_000, 17_000, "first"),
        (17_000, 19_000, "second"),
    ]
    assert (found.languages, found.declared) == (("ka",), "ka")
    assert noted(found) == [("empty", 13)]


@pytest.mark.parametrize(
    ("parameters", "time", "expected"),
    [
        ('ttp:frameRate="25"', "00:00:10:12", 10_480),
        ('ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', "00:00:10:15", 10_500),
        ('ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:timeBase="smpte"', "01:00:00:00", 3_603_600),
        (
            'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:timeBase="smpte" ttp:dropMode="dropNTSC"',
            "01:00:00;00",
            3_599_996,
        ),
        ('ttp:frameRate="25" ttp:subFrameRate="2"', "00:00:10:12.1", 10_500),
        ('ttp:tickRate="10000000"', "105000000t", 10_500),
        ('ttp:frameRate="25"', "250t", 10_000),
        ("", "7t", 7_000),
        ("", "250.5s", 250_500),
        ("", "0.5h", 1_800_000),
        ("", "2m", 120_000),
        ("", "100:00:00.25", 360_000_250),
        ("", "00:00:01,500", 1_500),
    ],
)
def test_times_of_ttml(read: Read, parameters: str, time: str, expected: int) -> None:
    found = read(tt(f'<p begin="{time}" dur="1s">x</p>', parameters), "x.ttml")
    assert found.cues[0].start_ms == pytest.approx(expected, abs=1)
    assert found.cues[0].end_ms - found.cues[0].start_ms == 1000


def test_a_frame_rate_that_is_not_stated_is_said(read: Read) -> None:
    assert noted(read(tt('<p begin="00:00:01:15" end="2s">x</p>'), "x.ttml")) == [("frame_rate", 1)]
    assert noted(read(tt('<p begin="00:00:01.500" end="2s">x</p>'), "x.ttml")) == []


def test_languages_of_paragraphs_and_kept_spaces(read: Read) -> None:
    found = read(
        tt(
            '<p xml:lang="ru-RU" begin="0s" end="1s">да</p><p xml:lang="kk" begin="0s" end="1s">иә</p>'
            '<p xml:space="preserve" begin="1s" end="2s">one\n two</p>'
        ),
        "x.dfxp",
    )
    assert [(cue.language, cue.text) for cue in found.cues] == [("ru-RU", "да"), ("kk", "иә"), ("", "one\ntwo")]
    assert found.languages == ("ru", "kk")


BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="0s" end="1s">&lol2;</p></div></body></tt>
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (BILLION_LAUGHS, ("doctype", 2)),
        ('<!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt/>', ("doctype", 1)),
        (tt('<p begin="0s" end="1s">&undefined;</p>'), ("not_xml", 1)),
        (tt('<p begin="0s" end="1s">a</p>')[:-20], ("cut", 1)),
        (tt('<p begin="0s" end="1s">a</p>')[:-3], ("cut", 1)),
        ("<html><body>404</body></html>", ("not_ttml", 1)),
        ("<a>" * 100, ("xml_too_large", 1)),
        (tt('<p begin="soon" end="1s">a</p>'), ("ttml_time", 1)),
        (tt('<p begin="00:00:01:25" end="2s">a</p>', 'ttp:frameRate="25"'), ("ttml_time", 1)),
        (tt('<p begin="3s" end="1s">a</p>'), ("reversed", 1)),
        (tt('<p begin="3s">a</p>'), ("no_end", 1)),
        (tt("<p>a</p>", 'ttp:timeBase="clock"'), ("time_base", 1)),
        (tt("<p>a</p>", 'ttp:frameRate="0"'), ("rates", 1)),
        (tt("<p>a</p>", 'ttp:dropMode="dropPAL"'), ("rates", 1)),
        (tt('<div timeContainer="seq"><p dur="1s">a</p></div>'), ("sequence", 1)),
        (tt(""), ("no_cues", None)),
    ],
)
def test_a_broken_or_hostile_ttml_is_refused(refused: Refused, text: str, problem: tuple[str, int | None]) -> None:
    assert refused(text, "x.ttml") == [problem]


# what a file is


def test_the_beginning_tells_the_format_whatever_the_name_says(read: Read) -> None:
    assert read(YOUTUBE, "wrong.srt").kind == "vtt"
    assert read(EBU, "wrong.vtt").kind == "ttml"
    assert read(BROADCAST, "wrong.vtt").kind == "srt"


def test_what_is_none_of_them(refused: Refused) -> None:
    assert refused("{0}{25}one|two", "x.sub") == [("unknown_format", None)]
    assert refused("   \n", "x.srt") == [("empty_file", None)]
    assert refused("hello", "x.vtt")[0] == ("no_header", 1)
    assert len(FORMATS) == 3


def test_too_much(refused: Refused) -> None:
    assert refused(b"1\n" * 5_000_001) == [("too_large", None)]
    many = "".join(f"00:00:{n % 60:02d},000 --> 00:01:00,000\nx\n\n" for n in range(50_001))
    assert refused(many)[0][0] == "too_many"


# encodings


KAZAKH = "1\n00:00:01,000 --> 00:00:02,000\nсайлау әділ\n"
RUSSIAN = "1\n00:00:01,000 --> 00:00:02,000\nвыборы\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_are_believed(read: Read, encoding: str) -> None:
    assert said(read(KAZAKH.encode(encoding)))[0][2] == "сайлау әділ"


def test_another_encoding_must_be_named(read: Read, refused: Refused) -> None:
    raw = RUSSIAN.encode("cp1251")
    assert refused(raw) == [("not_utf8", 3)]
    found = read(raw, encoding="windows-1251")
    assert (said(found)[0][2], found.encoding) == ("выборы", "cp1251")


def test_a_wrong_name_is_refused_where_it_can_be_seen(refused: Refused) -> None:
    assert refused(RUSSIAN.encode(), encoding="cp1251") == [("other_encoding", None)]
    assert refused(RUSSIAN.encode("utf-16"), encoding="cp1251") == [("marked", None)]
    assert refused(RUSSIAN.encode("utf-16-le")) == [("not_in_encoding", 1)]
    assert refused("1\n00:00:01,000 --> 00:00:02,000\n“x”\n".encode("cp1252"), encoding="latin-1") == [
        ("not_in_encoding", 3)
    ]
    assert refused(RUSSIAN.encode("cp1251"), encoding="ascii") == [("not_in_encoding", 3)]
    assert refused(RUSSIAN.encode(), encoding="no-such") == [("encoding", None)]
    assert refused(RUSSIAN.encode(), encoding="base64") == [("encoding", None)]


def test_xml_says_its_encoding_itself(read: Read, refused: Refused) -> None:
    head = '<?xml version="1.0" encoding="windows-1251"?>\n'
    text = head + tt('<p begin="0s" end="1s">выборы</p>')
    assert said(read(text.encode("cp1251"), "x.ttml"))[0][2] == "выборы"
    assert said(read(text.encode("koi8-r"), "x.ttml", "koi8-r"))[0][2] == "выборы"
    assert refused(text.encode(), "x.ttml") == [("other_encoding", None)]
