"""Two admins who review. A file that needs one signed in overrides the fixture."""

import pytest

from tests import make


@pytest.fixture
def ada(db):
    return make.admin("ada")


@pytest.fixture
def bo(db):
    return make.admin("bo")
