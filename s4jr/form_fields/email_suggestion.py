"""Suggests what an address with a typo in its domain may mean: "gmial.com" is one letter away from "gmail.com".

It is only a suggestion: every valid address can be submitted as typed.
"""

from difflib import get_close_matches

#: Large providers of the United States, Canada, and countries of French and Spanish.
PROVIDERS = (
    "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "outlook.es", "hotmail.com", "hotmail.ca", "hotmail.fr",
    "hotmail.es", "hotmail.co.uk", "live.com", "live.ca", "live.fr", "msn.com", "yahoo.com", "yahoo.ca", "yahoo.fr",
    "yahoo.es", "yahoo.co.uk", "yahoo.com.mx", "yahoo.com.ar", "ymail.com", "rocketmail.com", "icloud.com", "me.com",
    "mac.com", "aol.com", "aim.com", "protonmail.com", "proton.me", "pm.me", "tutanota.com", "tuta.com", "riseup.net",
    "fastmail.com", "hushmail.com", "zoho.com", "gmx.com", "gmx.net", "gmx.fr", "gmx.de", "mail.com", "email.com",
    "inbox.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
    "earthlink.net", "rogers.com", "bell.net", "sympatico.ca", "shaw.ca", "telus.net", "videotron.ca", "eastlink.ca",
    "sasktel.net", "cogeco.ca", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "telefonica.net",
)  # fmt: skip
#: Minimum similarity of two domains, from 0 to 1. "gmial.com" and "gmail.com" have .89; "gmail.co" has .94.
ALIKE = 0.85
#: A shorter domain with one letter more or less is often another company.
SHORTEST = 8


def suggest_email(email: str) -> str:
    """The same address at the large provider with the nearest domain; "" if it looks right."""
    name, at, domain = email.rpartition("@")
    domain = domain.casefold()
    if not at or domain in PROVIDERS or len(domain) < SHORTEST:
        return ""
    nearest = get_close_matches(domain, PROVIDERS, n=1, cutoff=ALIKE)
    return f"{name}@{nearest[0]}" if nearest else ""
