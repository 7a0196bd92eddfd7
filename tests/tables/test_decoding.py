"""A file that is not Unicode is recognized by its letters, or refused with what to do."""

import pytest

from s4jr.tables.decoding import LONGEST_BYTES, UnreadableTableError, decode_table

FRENCH = (
    "Prénom;Nom;Courriel\nMélanie;Bélanger-Côté;melanie@mailbox.example\nFrançois;D’Août;francois@mailbox.example\n"
)
SPANISH = "Nombre;Correo electrónico\nÁlvaro Muñoz;alvaro@mailbox.example\nJesús Núñez;jesus@mailbox.example\n"


class TestUnicode:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_utf_8_is_read(self, encoding):
        assert decode_table(FRENCH.encode(encoding)) == (FRENCH, "utf-8")

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf_16_is_read_with_and_without_a_byte_order_mark(self, encoding):
        assert decode_table(FRENCH.encode(encoding)) == (FRENCH, "utf-16")

    def test_utf_16_may_have_twice_the_bytes(self):
        text = "email\n" + "a" * (LONGEST_BYTES - 10)
        assert decode_table(text.encode("utf-16")).text == text


class TestOneByte:
    @pytest.mark.parametrize("text", [FRENCH, SPANISH])
    @pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
    def test_windows_and_mac_files_are_told_apart(self, text, encoding):
        assert decode_table(text.encode(encoding)) == (text, encoding)

    @pytest.mark.parametrize(
        "word",
        ["Zoë", "Renée", "Mélanie", "Jesús", "Muñoz", "García", "François", "Benoît", "Éloïse", "Élise", "JOSÉ",
         "Núñez", "Ángela", "Iñaki", "Gisèle", "Hélène", "Chloé", "Noël", "Maëlle", "Jérôme", "Óscar", "Íñigo",
         "Úrsula",
         "Peña", "sœur", "O’Neil", "Ida’s", "Ulloa – López", "Zoé «aînée»", "Anaïs", "Düsseldorf", "Ana…", "Ñuble",
         "João"],
    )  # fmt: skip
    @pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
    def test_one_word_is_enough(self, word, encoding):
        text = f"name,email\n{word},somebody@mailbox.example\n"
        assert decode_table(text.encode(encoding)).text == text

    def test_latin_1_is_read(self):
        text = "name,email\nZoë,zoe@mailbox.example\n"
        assert decode_table(text.encode("latin-1")).text == text

    @pytest.mark.parametrize(
        ("text", "encoding"), [("Łukasz Żółć", "cp1250"), ("Ирина", "cp1251"), ("山田花子 東京都", "shift_jis")]
    )
    def test_other_encodings_are_refused_with_what_to_do(self, text, encoding):
        with pytest.raises(UnreadableTableError, match=r"We can’t read this file. Save it as “CSV UTF-8”"):
            decode_table(f"name,email\n{text},somebody@mailbox.example\n".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_sign_for_the_end_of_a_file_is_no_line(encoding):
    text = "name,email\nZoë,zoe@mailbox.example\n"
    assert decode_table(f"{text}\x1a".encode(encoding)).text == text


@pytest.mark.parametrize("raw", [b"name,email\n\0,\n", b"\x81\x8d\x8f", b"\xff\xd8\xff\xe0\x10JFIF"])
def test_binary_data_is_refused(raw):
    with pytest.raises(UnreadableTableError, match=r"We can’t read this file. Save it as “CSV UTF-8”"):
        decode_table(raw)


@pytest.mark.parametrize("raw", [b"PK\x03\x04\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_named_as_one(raw):
    with pytest.raises(UnreadableTableError, match=r"because it is a workbook. Open it and save it as “CSV UTF-8”"):
        decode_table(raw)


@pytest.mark.parametrize(
    "raw", [b"a" * (LONGEST_BYTES + 1), b"\x80 " * (LONGEST_BYTES // 2), b"a\0" * LONGEST_BYTES * 2]
)
def test_a_file_that_is_too_big_is_refused(raw):
    with pytest.raises(UnreadableTableError, match=r"at most 1 MB"):
        decode_table(raw)
