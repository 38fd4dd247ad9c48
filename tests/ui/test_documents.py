"""Own documents: each published example opens; a fault in the text is named with its event; edits change the table."""

import pytest

from tests.ui.test_pages import LOCALES, opened
from ui.capital.documents import EXAMPLES, FOLDER

PAGE = "capital/documents.py"


def test_every_example_of_the_folder_is_offered() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(EXAMPLES)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_example_opens(example: str, locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    app.selectbox(key="documents-example").select(example).run()
    assert not app.exception
    assert not app.error


def test_capped_participation_pays_what_is_published() -> None:
    """spillpoint, case 04: of 10 million, 3 million first, then 20 % of the other 7: 4.4 million to the Seed."""
    app = opened(PAGE, "first-lab")
    app.selectbox(key="documents-example").select("capped-participation-at-a-sale").run()
    assert "**\\$5.6M**, 56.0%" in "\n".join(one.value for one in app.markdown)


def test_fault_is_named_with_the_number_of_its_event() -> None:
    app = opened(PAGE, "first-lab")
    text = app.text_area(key="documents-text").value
    app.text_area(key="documents-text").set_value(text.replace('"shares": 5500000', '"shares": -1')).run()
    assert "event 1" in app.error[0].value


def test_edited_events_change_the_answer() -> None:
    app = opened(PAGE, "first-lab")
    before = app.markdown[0].value
    text = app.text_area(key="documents-text").value
    app.text_area(key="documents-text").set_value(text.replace('"shares": 5500000', '"shares": 9500000')).run()
    assert not app.error
    assert app.markdown[0].value != before


def test_open_cap_format_says_what_it_cannot_say() -> None:
    app = opened(PAGE, "first-lab")
    app.toggle(key="documents-ocf").set_value(True).run()
    assert not app.exception


def test_a_sale_says_as_what_each_is_paid_with_all_of_a_holder_together() -> None:
    """spillpoint, Millrace: Series A and B participate, the Seed does not and converts at 118 million; Dev has common
    and options."""
    app = opened(PAGE, "first-lab")
    paid = next(one.value for one in app.dataframe if "As" in one.value.columns)
    roles = dict(zip(paid["Security"], paid["As"], strict=True))
    assert roles["Series B"] == roles["Series A"] == "preference and participation"
    assert roles["Seed"] == "converted into common"
    assert roles["common"] == roles["options"] == "common"
    holders = list(paid["Holder"])
    assert holders == sorted(holders, key=holders.index)
    assert holders.count("Dev") == 2
