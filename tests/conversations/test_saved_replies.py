"""A saved reply is put into an answer where its writer reads it, and is never sent unseen."""

import pytest
from django import forms

from s4jr.conversations.forms import SavedReplyForm
from s4jr.conversations.models import SavedReply

pytestmark = pytest.mark.django_db
THANKS = "Thank you for writing to us."


class AnswerForm(SavedReplyForm):
    words = forms.CharField()


@pytest.fixture
def thanks():
    return SavedReply.objects.create(title="Thank you", text=THANKS)


def filled_in(reply, words="", **how):
    return AnswerForm({"seen": 1, "words": words, "saved_reply": reply.pk if reply else ""}, language="en", **how)


@pytest.mark.parametrize(("typed", "words"), [("", THANKS), ("Hello,", f"Hello,\n\n{THANKS}")])
def test_it_comes_after_what_was_typed(thanks, typed, words):
    form = filled_in(thanks, typed, is_inserting=True)
    assert (form.is_valid(), form.words_with_reply) == (True, words)


def test_without_a_choice_there_is_nothing_to_insert(thanks):
    assert filled_in(None, "Hello,", is_inserting=True).errors == {"saved_reply": ["Choose one first."]}


@pytest.mark.parametrize("others", [0, 1])
def test_one_that_was_deleted_meanwhile_is_an_error(thanks, others):
    gone, _ = thanks.pk, thanks.delete()
    for number in range(others):
        SavedReply.objects.create(title=f"Another {number}", text=THANKS)
    form = AnswerForm({"seen": 1, "words": "", "saved_reply": gone}, language="en", is_inserting=True)
    wrong = "Someone deleted this saved reply. Choose another one, or “None.”"
    assert form.errors == {"saved_reply": [wrong]}


def test_an_answer_is_not_sent_while_a_chosen_reply_is_not_in_it(thanks):
    form = filled_in(thanks, "Hello,")
    wrong = "This isn’t in your answer yet. Select “Insert it,” or choose “None.”"
    assert form.errors == {"saved_reply": [wrong]}
    assert filled_in(None, "Hello,").is_valid()


def test_without_saved_replies_the_form_does_not_ask():
    assert list(AnswerForm(language="en").fields) == ["seen", "words"]


def test_those_in_the_language_of_the_person_who_wrote_come_first(thanks):
    SavedReply.objects.create(title="Thank you", language="es", text="Gracias.")
    SavedReply.objects.create(title="Apology", language="fr-ca", text="Pardon.")
    shown = {
        language: [reply.text for reply in SavedReply.objects.in_language_first(language)] for language in ("en", "es")
    }
    assert shown == {"en": [THANKS, "Pardon.", "Gracias."], "es": ["Gracias.", "Pardon.", THANKS]}
