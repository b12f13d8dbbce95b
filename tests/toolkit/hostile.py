"""Texts that try to become something else than text, and a reader that says what became of them."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript%3Aalert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "javascript:/*--></title></style></textarea></script><svg/onload=alert(1)>",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/png;base64,iVBORw0KGgo=",
    "file:///etc/passwd",
    "ftp://example.org/",
    "blob:https://example.org/1",
    "about:blank",
    "view-source:https://example.org/",
    "tel:0",
    "//example.org/",
    "/\\example.org",
    "\\\\example.org",
    "/\t/example.org",
    "/&#9;/example.org",
    "https:example.org",
    "https:///example.org",
    "https://[example.org",
    "https://user:secret@example.org/",
    "feed:javascript:alert(1)",
    "mhtml:javascript:alert(1)",
]

# Links, but to nothing but what they say.
ODD_ADDRESSES = [
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'onmouseover='alert(1)",
    "https://example.org/`onmouseover=alert(1)",
    "https://example.org/><script>alert(1)</script>",
]

# No marks of Markdown in these: a paragraph of one of them reads as it was typed.
ELEMENTS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://example.org/x.js></SCRIPT>",
    "<script/x>alert(1)</script >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<img src='x' onerror='alert(1)'>",
    "<img/src/onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><maction actiontype='statusline' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<body onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset onload=alert(1)><frame src='javascript:alert(1)'></frameset>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code='x'></applet>",
    "<base href='https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<link rel=import href=data:text/html,x>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta charset=utf-7>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<style>@import 'https://example.org/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<div onmouseover=alert(1)>x</div>",
    "<a onclick=alert(1)>x</a>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=javascript&colon;alert(1)>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<a href='https://example.org/' target='x' ping='https://example.org/'>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<details><summary onclick=alert(1)>x</summary></details>",
    "<input onfocus=alert(1) autofocus>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<isindex action='javascript:alert(1)' type=submit>",
    "<textarea autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video poster='javascript:alert(1)'></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<slot onslotchange=alert(1)>",
    "<portal src='javascript:alert(1)'>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<div popover id=x onbeforetoggle=alert(1)>x</div>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "<table background='javascript:alert(1)'><tr><td>x",
    "<td onclick=alert(1)>x</td>",
    "<plaintext>x",
    "<title>x</title><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<comment><script>alert(1)</script></comment>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "<%<script>alert(1)</script>%>",
    "{{constructor.constructor('alert(1)')()}}",
    "{% load static %}{{ settings.SECRET_KEY }}",
    "${alert(1)}",
    '" onmouseover=alert(1) x="',
    "' onmouseover=alert(1) x='",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</p></div></main><h1>x</h1>",
    "</textarea><script>alert(1)</script>",
    "x</summary></details><script>alert(1)</script>",
    "<h1 id=main>x</h1>",
    "<a id=main name=forms>x</a>",
    "<span class='govuk-visually-hidden'>x</span>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
]
PAYLOADS = [*ELEMENTS, *ADDRESSES, *ODD_ADDRESSES]


class Reader(HTMLParser):
    """Reads HTML into (tag, attributes) pairs and text."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def classes(self) -> set[str]:
        return {name for _, attributes in self.elements for name in (attributes.get("class") or "").split()}


SAFE = {
    *("p", "h2", "h3", "h4", "h5", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "br", "hr"),
    *("blockquote", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "details", "summary"),
}
KNOWN_ATTRIBUTES = {
    *("class", "id", "href", "rel", "scope", "start", "tabindex", "role", "aria-label", "aria-hidden"),
    "data-meaning",
}


def assert_is_tame(html: str, *, is_rendered: bool = True) -> Reader:
    """Fail unless the HTML has only elements, attributes and addresses that texts may have; return what it says.

    What was rendered, not only cleaned, also says of each link elsewhere that it is one.
    """
    read = Reader(html)
    assert read.others == []
    for tag, attributes in read.elements:
        assert tag in SAFE, html
        assert set(attributes) <= KNOWN_ATTRIBUTES, html
        assert attributes.get("tabindex") in {None, "0"}, html
        address = attributes.get("href")
        if address is not None:
            assert not set(address) & set("\t\r\n\x00\\ "), html
            parts = urlsplit(address)
            assert parts.scheme in {"", "http", "https", "mailto"}, html
            assert parts.scheme or address.startswith("#") or (address[0] == "/" and address[1:2] != "/"), (
                html
            )
            assert "@" not in parts.netloc, html
            if parts.netloc and is_rendered:
                assert attributes["rel"] == "noopener nofollow", html
    return read
