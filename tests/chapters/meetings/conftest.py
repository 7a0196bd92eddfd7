import pytest

from tests.after_post import SHOWN_ONCE, pages_after_changes


@pytest.fixture(autouse=True)
def forms_redirect_after_a_change():
    """Each successful POST must redirect: a reload of a page would submit the form again."""
    with pages_after_changes() as noted:
        yield noted
    assert [page for page in noted if page[0] not in SHOWN_ONCE] == []
