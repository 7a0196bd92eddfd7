"""Names of places that neither CLDR nor pycountry has as people use them: {code: {language: name}}. Each says why."""

CORRECTIONS = {
    # CLDR tells the two countries apart by their capitals; their own names are clearer.
    "CD": {"en": "Democratic Republic of the Congo", "fr-ca": "République démocratique du Congo"},
    "CG": {"en": "Republic of the Congo", "fr-ca": "République du Congo", "es": "República del Congo"},
    # CLDR adds the legal status, which no one says.
    "HK": {"en": "Hong Kong", "fr-ca": "Hong Kong", "es": "Hong Kong"},
    "MO": {"en": "Macao", "fr-ca": "Macao", "es": "Macao"},
    # CLDR keeps the French name in Spanish, and writes Åland without its letter.
    "CI": {"es": "Costa de Marfil"},
    "AX": {"es": "Islas Åland"},
    # pycountry has no hyphen, or one too many.
    "CA-NB": {"fr-ca": "Nouveau-Brunswick"},
    "CA-NT": {"fr-ca": "Territoires du Nord-Ouest"},
    "CA-PE": {"fr-ca": "Île-du-Prince-Édouard"},
    "US-WV": {"fr-ca": "Virginie-Occidentale"},
    # pycountry keeps the English name.
    "US-HI": {"fr-ca": "Hawaï"},
    "US-MO": {"es": "Misuri"},
    # pycountry has only the English names, and a remark in one of them.
    "GB-ENG": {"fr-ca": "Angleterre", "es": "Inglaterra"},
    "GB-NIR": {"fr-ca": "Irlande du Nord", "es": "Irlanda del Norte"},
    "GB-SCT": {"fr-ca": "Écosse", "es": "Escocia"},
    "GB-WLS": {"en": "Wales", "fr-ca": "Pays de Galles", "es": "Gales"},
}  # fmt: skip
