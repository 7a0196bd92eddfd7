"""Values that break pages: if a form accepts one, every page that shows it must still work.

The name of a value says what it attempts, so that a failing test says what broke. None is long enough to test load.
"""

_INVISIBLE = {
    "blank": " ",
    "no-break space": "\u00a0",
    "zero-width space": "\u200b",
    "braille blank": "\u2800",
    "byte order mark": "\ufeff",
    "tab": "a\tb",
    "line ends": "a\r\n\r\nb",
    "line separator": "a\u2028b",
    "next line": "a\u0085b",
    "nul": "a\0b",
    "escape": "\x1b[31mred",
    "delete": "a\x7fb",
}
_MARKUP = {
    "script": "<script>alert(1)</script>",
    "end of title": "</title></head>",
    "open comment": "<!--",
    "end of cdata": "]]>",
    "quote and tag": '"><img src=x onerror=alert(1)>',
    "entity of nul": "&#0;",
    "entity past unicode": "&#x110000;",
    "half an entity": "&lt",
    "style": "</style><svg onload=alert(1)>",
}
_TEMPLATES = {
    "expression": "{{ 7|add:7 }}",
    "tag": "{% url 'nowhere' %}",
    "placeholder": "{name}",
    "empty braces": "{}",
    "class of a number": "{0.__class__}",
    "named percent": "%(label)s",
    "percent s": "%s %d",
    "percent": "%",
    "percent n": "100%n",
    "dollar": "${HOME}",
    "backslash": "\\",
    "backslash u": "\\u0000",
    "group of a pattern": "\\g<0>\\1",
    "sql": "'; DROP TABLE pages_teammember; --",
}
_MARKDOWN = {
    "only a heading mark": "# ",
    "only a hash": "#",
    "heading without words": "#\n\nwords",
    "many quotes": "> " * 200,
    "many brackets": "[" * 250,
    "many closing brackets": "[a](" * 60,
    "many stars": "**a" * 80,
    "many ticks": "`" * 251,
    "nested lists": "\n".join("  " * depth + "- a" for depth in range(60)),
    "number past any list": "1234567890. a",
    "figure without a name": "[a](statistic:)",
    "figure that is not there": "[a](statistic:no-such-figure)",
    "figure up two folders": "[a](statistic:../../a)",
    "figure with a percent sign": "[a](statistic:%E0%A4%A)",
    "half a link": "[a](statistic:",
    "script link": "[a](javascript:alert(1))",
    "link to half an address": "[a](http://[::1)",
    "picture": "![a](https://elsewhere.example/a.png)",
    "reference to itself": "[a]: [a]\n\n[a][a]",
    "table": "|a|b|\n|-|-|\n|c|",
    "open fence": "~~~a",
}
_ADDRESSES = {
    "half a v6 host": "http://[::1",
    "open bracket": "http://[",
    "port past any": "https://elsewhere.example:99999999/",
    "script address": "javascript:alert(1)",
    "no scheme": "//elsewhere.example",
    "name in the host": "https://name@elsewhere.example/",
    "turned address": "https://elsewhere.example/\u202egpj",
    "long label": f"https://{'a' * 63}.example/",
    "broken punycode": "https://xn--.example/",
    "address in another script": "https://例え.example/雪?q=%ff#%",
    "address of nothing": "https://",
    "email address": "a@mailbox.example",
}
_NUMBERS = {
    "zero": "0",
    "minus one": "-1",
    "one": "1",
    "largest small": "32767",
    "past small": "32768",
    "infinite": "1e309",
    "not a number": "NaN",
    "past any integer": "9" * 40,
    "digit of another script": "٣",
    "superscript": "²",
    "underscored": "1_0",
    "hexadecimal": "0x10",
}
_DAYS = {
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "leap day": "2024-02-29",
    "year past any": "10000-01-01",
    "american first day": "01/01/0001",
}
_CODES = {
    "country that is none": "zz",
    "capital country that is none": "ZZ",
    "region that is none": "CA-ZZ",
    "lone hyphen": "-",
    "lone underscore": "_",
    "address of a form": "start",
    "dot": ".",
    "two dots": "..",
    "up and away": "../../etc/passwd",
    "slash": "/",
    "question mark": "?",
    "hash with words": "#a",
    "escaped dots": "%2e%2e",
    "none": "None",
    "null": "null",
    "true": "true",
}
_SCRIPTS = {
    "turned round": "\u202egpj.exe",
    "isolates left open": "\u2067\u2066a",
    "many accents": "Z" + "\u0301" * 50,
    "family of emoji": "👩‍👩‍👧‍👦",
    "flag": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "one sign that is a sentence": "ﷺ" * 20,
    "letters that change length": "İıſßŉ",
    "past the first plane": "𝕬\U0010ffff",
    "private use": "\ue000",
    "not a character": "\ufffe",
    "right to left": "مرحبا بالعالم",
}
_LENGTHS = {
    "one sign": "a",
    "sixty signs": "a" * 60,
    "as long as many fields": "a" * 120,
    "longer than many fields": "a b " * 75,
    "one long word": "a" * 600,
    "many lines": "a\n" * 1900,
}

#: {what it attempts: the value}.
HOSTILE = {
    **_INVISIBLE, **_MARKUP, **_TEMPLATES, **_MARKDOWN, **_ADDRESSES, **_NUMBERS, **_DAYS, **_CODES, **_SCRIPTS,
    **_LENGTHS,
}  # fmt: skip
