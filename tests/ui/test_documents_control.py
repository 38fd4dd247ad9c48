"""Who decides, on the page of own documents: founders of one's choice, votes, board, consents."""

from streamlit.testing.v1 import AppTest

from tests.ui.test_documents_rounds import after, example, table, with_events
from ui.compute.page_choices import STATE_KEY

FOUNDED = '"event": "shares_issued", "date": "2026-01-01"'
TWO_CLASSES = (
    f'{{{FOUNDED}, "holder": "Ada", "shares": 4000000, "security": "Class B", "votes_per_share": 10}},'
    f'{{{FOUNDED}, "holder": "Bo", "shares": 3000000}},'
    '{"event": "priced_round", "date": "2026-06-01", "name": "Series A", "pre_money": 7000000,'
    ' "investments": [{"holder": "Lead", "amount": 1200000}, {"holder": "Other", "amount": 800000}]}'
)
"""By hand: 7,000,000 shares at $1; 2,000,000 of Series A; votes 40 : 3 : 2 million."""


def text_of(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def test_founders_lose_the_majority_with_the_series_a() -> None:
    """Millrace: 10,000,000 of the founders of 17,200,910 votes after the Seed, of 22,982,727 after Series A.

    638,297 of Lena, 1,169,043 of the two SAFEs, 5,393,570 and 1,445,454 of Harbor Lane, 4,336,363 of Ridgeline.
    """
    app = example("founders-to-series-b")
    assert (
        r"With **11\. priced round: Series A, Sep 2023** the founders lose the majority of the votes: 43.5% then"
        in text_of(app)
    )
    after(app, "priced round: Seed")
    assert "After this event the founders cast **58.1%** of the votes." in text_of(app)


def test_other_founders_are_chosen() -> None:
    app = example("founders-to-series-b")
    founders = app.multiselect[0]
    assert founders.value == ["Ana", "Dev"]
    founders.set_value(["Ana", "Dev", "Lena"]).run()
    # 10,638,297 shares and the options of Dev and Lena, 590,000, of 42,509,469 shares, options and pool.
    assert "own **26.4%**" in app.markdown[0].value
    founders.set_value(["Marcus"]).run()
    assert "The founders never have more than half of the votes" in text_of(app)


def test_votes_by_class() -> None:
    rows = {row["Class"]: row for row in table(with_events(TWO_CLASSES), "Votes a share")}
    assert {name: (row["Votes a share"], row["Of all votes"]) for name, row in rows.items()} == {
        "Class B": ("10", "88.89%"),
        "common": ("1", "6.67%"),
        "Series A": ("1", "4.44%"),
    }


def test_seats_of_the_board() -> None:
    """One for each class and one that all stock elects: Ada fills hers and the last one; both founders theirs."""
    app = with_events(TWO_CLASSES)
    filled = {row["Elected by"]: (row["Filled by"], row["Founders can"]) for row in table(app, "Filled by")}
    assert filled == {
        "Class B": ("Ada", "yes"),
        "common": ("Bo", "yes"),
        "Series A": ("Lead", "no"),
        "all stock voting together": ("Ada", "yes"),
    }
    assert "The founders together fill **3** of 4 seats" in text_of(app)


def test_consents_before_and_after_an_event() -> None:
    """The first round needs none, as nobody has a separate vote before it; a sale after it needs Lead's 60 %."""
    app = with_events(TWO_CLASSES)
    assert "**This event** needs nobody's separate consent." in text_of(app)
    assert "**A sale of the company after it** needs the consent of **Lead**" in text_of(app)


def test_provision_of_ones_own() -> None:
    """Two thirds of Series A need both holders."""
    app = with_events(TWO_CLASSES)
    row = {"classes": ["Series A"], "acts": ["sell_company"], "at_least": 66.7}
    app.session_state[STATE_KEY] = {"documents-0-provisions": [row]}
    del app.session_state["documents-0-provisions-base"]  # as if the page were opened anew
    app.run()
    assert not app.exception
    assert "needs the consent of **Lead**, **Other**" in text_of(app)
    (consent,) = table(app, "Needed")
    assert (consent["Needed"], consent["Votes"]) == ("at least 66.7%", "Lead 60.0%, Other 40.0%")


def test_what_is_typed_beside_one_set_does_not_stay_for_the_next() -> None:
    app = example("founders-to-series-b")
    app.multiselect[0].set_value(["Marcus"]).run()
    app.selectbox(key="documents-example").select("pay-to-play-in-a-down-round").run()
    assert app.multiselect[0].value == ["A", "B"]
