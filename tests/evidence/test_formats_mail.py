from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.mail import read_mail

HTML = "<html><body><h1>Head</h1><p>Wages rose by 4%.</p></body></html>"


def a_mail(*, plain: str | None = None, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def read(message: EmailMessage | bytes, options: ReadOptions | None = None) -> list[Document | Skipped]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return list(read_mail(data, options or ReadOptions()))


def document(message: EmailMessage | bytes) -> Document:
    found = read(message)[0]
    assert isinstance(found, Document)
    return found


def reason(message: EmailMessage | bytes, options: ReadOptions | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read(message, options)
    return str(caught.value)


def test_a_newsletter_gives_its_html_and_what_its_headers_say() -> None:
    html = (
        '<html><head><style>.pre{display:none}</style></head><body><div class="pre">HIDDEN preview</div>'
        '<p><a href="https://news.example/42?utm_source=mail&amp;id=7&amp;mc_eid=abc">'
        "View this email in your browser</a></p>"
        '<table role="presentation"><tr><td><h1>Jobs up</h1><p>Demand <b>rose</b> by 12%.</p></td></tr></table>'
        "<table><tr><th>Role</th><th>Pay</th></tr><tr><td>Engineer</td><td>$150,000</td></tr></table>"
        "<ul><li>one</li><li>two</li></ul><p>Sent to Jane.Roe@home.example</p></body></html>"
    )
    message = a_mail(
        plain="Plain text.",
        html=html,
        Subject="Größere Teams: jobs up",
        From='"Ann Editor" <ann@mail.weekly.example>',
        To="Jane Roe <jane.roe@home.example>",
        Date="Tue, 05 Mar 2024 23:30:00 -0800",
        List_Id='"The Weekly" <weekly.list.example>',
    )
    assert read(message) == [
        Document(
            text="View this email in your browser\n\n# Jobs up\n\nDemand rose by 12%.\n\n"
            "| Role | Pay |\n| Engineer | $150,000 |\n\n- one\n- two\n\nSent to [recipient]",
            title="Größere Teams: jobs up",
            publisher="The Weekly",
            author="Ann Editor",
            date="2024-03-05",
            url="https://news.example/42?id=7",
            claimed=True,
        )
    ]


def test_a_mail_without_headers_leaves_all_open() -> None:
    assert read(b"\r\nOnly a body.\r\n") == [Document(text="Only a body.")]


@pytest.mark.parametrize(
    ("headers", "publisher"),
    [
        ({"From": "a@news.example.org"}, "example.org"),
        ({"From": "a@em2.mail.example.org"}, "example.org"),
        ({"From": "a@example.org", "List_Id": "A List <a.example.org>"}, "A List"),
        ({"From": "a@example.org", "List_Id": "<a.example.org>"}, "example.org"),
        ({"From": "a@example.org", "List_Id": "d1c2b3a4f5 mc list <d1.list-id.mcsv.net>"}, "example.org"),
        ({"From": "a@gmail.com"}, None),
        ({"From": "nobody"}, None),
    ],
)
def test_the_publisher_is_the_list_or_the_senders_host(headers: dict[str, str], publisher: str | None) -> None:
    assert document(a_mail(plain="Body.", **headers)).publisher == publisher


@pytest.mark.parametrize(
    ("headers", "html", "url"),
    [
        ({"Archived_At": "<https://list.example/1>"}, "<a href='https://x.example'>View online</a>", "https://list.example/1"),
        ({}, "<a href='https://x.example/a'>Im Browser ansehen</a>", "https://x.example/a"),
        ({}, "<a href='https://x.example/a'>ブラウザで見る</a>", "https://x.example/a"),
        ({}, "<a href='javascript:x()'>View in browser</a>", None),
        ({}, "<a href='https://x.example/a'>Read our report</a>", None),
        ({"To": "j@home.example"}, "<a href='https://x.example/?u=j%40home.example'>View in browser</a>", None),
        ({"To": "j@home.example"}, "<a href='https://x.example/a?email=j%40home.example'>View online</a>", "https://x.example/a"),
    ],
)  # fmt: skip
def test_the_address_is_where_the_message_stands_on_the_web(
    headers: dict[str, str], html: str, url: str | None
) -> None:
    assert document(a_mail(html=f"<p>Body.</p>{html}", **headers)).url == url


def test_a_plain_message_names_its_address_in_words() -> None:
    text = "View this email in your browser:\nhttps://x.example/a?utm_medium=mail\n\nBody."
    assert document(a_mail(plain=text)) == Document(text=text, url="https://x.example/a", claimed=True)


def test_addresses_of_recipients_are_nowhere_in_the_document() -> None:
    text = "To Jane@Home.example, see https://x.example/?u=jane%40home.example or bounce+jane=home.example@x.example."
    message = a_mail(plain=text, Subject="For jane@home.example", To="jane@home.example", Cc="Bob <bob@b.example>")
    message["Delivered-To"] = "all+jane@home.example"
    found = document(message)
    assert found.text == (
        "To [recipient], see https://x.example/?u=[recipient] or bounce+[recipient]@x.example."
    )  # fmt: skip
    assert found.title == "For [recipient]"


@pytest.mark.parametrize("subject", ["Re: Fwd: Jobs up", "AW: WG: Jobs up", "Jobs up"])
def test_marks_of_replies_are_no_part_of_the_title(subject: str) -> None:
    assert document(a_mail(plain="Body.", Subject=subject)).title == "Jobs up"


@pytest.mark.parametrize(
    ("text", "charset", "encoding"),
    [
        ("Für die Größe “quoted” – 10 €.", "windows-1252", "quoted-printable"),
        ("日本の労働市場では需要が高まっている。", "iso-2022-jp", "7bit"),
        ("日本の労働市場では需要が高まっている。", "shift_jis", "base64"),
        ("الطلب على مهندسي تعلم الآلة يتزايد", "windows-1256", "8bit"),
        ("הביקוש למהנדסים עולה", "utf-8", "base64"),
        ("机器学习平台工程师的需求", "gb2312", "quoted-printable"),
    ],
)
def test_every_charset_and_transfer_encoding_is_decoded(text: str, charset: str, encoding: str) -> None:
    raw = text.encode(charset)
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(raw)
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    assert document(head.encode() + packed).text == text


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-7", "us-ascii", '"', ""])
def test_a_wrong_charset_does_not_lose_the_text(charset: str) -> None:
    data = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\nGrößer, naïve.".encode()
    assert document(data).text == "Größer, naïve."


def test_raw_bytes_in_a_header_are_decoded() -> None:
    assert document("Subject: Größe\nFrom: Jörg <j@a.example>\n\nBody.".encode("latin-1")) == Document(
        text="Body.", title="Größe", publisher="a.example", author="Jörg"
    )


def test_the_plain_part_is_read_when_the_html_says_nothing() -> None:
    assert document(a_mail(plain="Plain text.", html="<img src=x>")).text == "Plain text."


def test_all_text_parts_of_a_mixed_message_are_read_in_order() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nFirst.\n"
        b"--b\nContent-Type: image/png\n\nxx\n--b\nContent-Type: text/html\n\n<p>Second.</p>\n--b--\n"
    )
    assert read(data) == [Document(text="First.\n\nSecond.")]


def test_flowed_lines_are_joined() -> None:
    data = b"Content-Type: text/plain; format=flowed\n\nA line that \ngoes on.\n\n-- \nName"
    assert document(data).text == "A line that goes on.\n\n-- \nName"


def test_attachments_are_named_and_not_read() -> None:
    message = a_mail(plain="Body.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="report.pdf")
    message.add_attachment("a,b", subtype="csv", filename="table.csv")
    message.add_attachment(a_mail(plain="Inner.", Subject="Inner"))
    assert read(message) == [
        Document(text="Body."),
        Skipped("an attachment is not read: add it as a file", "report.pdf"),
        Skipped("an attachment is not read: add it as a file", "table.csv"),
        Skipped("an attachment is not read: add it as a file", "message/rfc822"),
    ]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Tue, 5 Mar 2024 09:30:00 +0000", "2024-03-05"),
        ("5 Mar 2024 09:30 -0000", "2024-03-05"),
        ("soon", None),
        ("", None),
    ],
)
def test_the_date_is_the_day_of_sending(date: str, day: str | None) -> None:
    assert document(f"Date: {date}\n\nBody.".encode()).date == day


def test_hidden_text_of_a_newsletter_is_not_read() -> None:
    html = "<p>Seen.</p><div style='max-height:0;overflow:hidden'>HIDDEN</div><p style='mso-hide:all'>HIDDEN</p>"
    assert document(a_mail(html=html)).text == "Seen."


def test_text_inside_of_cells_that_only_zero_the_font_is_read() -> None:
    html = '<table><tr><td style="font-size:0px"><div style="font-size:13px">Seen.</div></td></tr></table>'
    assert document(a_mail(html=html)).text == "Seen."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it holds no text"),
        (b"Subject: x\n\n", "it holds no text"),
        (b"Content-Type: image/png\n\nxx", "it holds no text"),
        (b"Subject: x\n\n" + bytes(40), "it is binary data, not text"),
    ],
)
def test_a_message_without_text_is_refused(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_more_parts_than_allowed_are_refused() -> None:
    message = a_mail(plain="Body.")
    for _ in range(5):
        message.add_attachment(b"x", maintype="application", subtype="zip")
    assert reason(message, ReadOptions(max_parts=5)) == "it holds 6 parts, more than the 5 that are allowed"


def test_multiparts_nested_without_end_are_refused_or_read() -> None:
    heads = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(3_000)
    )  # fmt: skip
    try:
        found = read(heads.encode() + b"Content-Type: text/plain\n\nDeep.")
    except Unreadable as error:
        assert str(error) in {"it is no readable e-mail", "it holds no text"}
    else:
        assert found == [Document(text="Deep.")]


LINES = st.sampled_from(
    [
        "Subject: =?utf-8?b?x",
        "From: <a@",
        "To: a@b.c",
        "Date: 1 Jan 99999 00:00",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: text/html; charset*=x''y",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x",
        "Content-Type: text/plain; format",
        "Content-Disposition: attachment; filename*0*=a'",
        "List-Id: <",
        "",
        "--b",
        "--b--",
        "<p>text</p>",
        " folded",
        "Archived-At: <http://[>",
        "Content-Type: ;;;",
        "=ZZ",
        "Subject: �",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=15))
def test_any_message_is_read_or_refused_with_a_reason(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    try:
        found = read(data)
    except Unreadable as error:
        assert str(error)
    else:
        assert isinstance(found[0], Document)
