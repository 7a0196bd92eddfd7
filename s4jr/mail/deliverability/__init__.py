"""What other mail servers look at before they accept our emails: SPF, DKIM, DMARC, the reverse name, TLS, and MX.

`settings` are read in `check.py` alone. `lookups` asks the DNS and `server_probe` the mail server; all other files turn
what they returned into findings and look up nothing but what an SPF or DMARC record names.
"""
