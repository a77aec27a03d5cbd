"""The clean delivery is evaluated once: every spoiled one is measured against the same result."""

import pytest
from bureau import check, delivery


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    """Return the result of the clean delivery; frozen, and no test writes into its frames."""
    return check(**delivery(tmp_path_factory.mktemp("clean")))
