"""An editor sees which words of which lines changed."""

from s4jr.content.changes import changed_lines


def marked(before, now):
    """Return [(before, now)] of each changed line, with changed words in square brackets."""
    return [(joined(line.before), joined(line.now)) for line in changed_lines(before, now)]


def joined(parts):
    return "".join(f"[{part.words}]" if part.is_changed else part.words for part in parts)


def test_only_the_changed_words_of_a_line_are_marked():
    assert marked("# Title\n\nWe fight abelism.", "# Title\n\nWe fight ableism.") == [
        ("We fight [abelism.]", "We fight [ableism.]")
    ]


def test_a_new_or_removed_line_has_no_other_side():
    assert marked("# Title", "# Title\n\nNew.") == [("", "[New.]")]
    assert marked("# Title\n\nOld.", "# Title") == [("[Old.]", "")]


def test_equal_texts_and_blank_lines_make_no_change():
    assert marked("# Title\n\nOne.", "# Title\nOne.\n\n") == []


def test_a_line_that_moved_is_shown_twice_and_others_are_not():
    assert marked("One.\nTwo.\nThree.", "Two.\nThree.\nOne.") == [("[One.]", ""), ("", "[One.]")]
