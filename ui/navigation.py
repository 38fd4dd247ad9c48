"""The pages in the order of the loop, with their addresses; titles in the session's language."""

from pathlib import Path

import streamlit as st

from ui.language import words

PAGES = Path(__file__).resolve().parent.parent / "pages"


def pages() -> dict[str, list[st.Page]]:
    """Pages by section for `st.navigation`; addresses are ASCII and never change."""
    return {
        "": [_page("overview/overview.py", words("Overview"), ":material/hub:", "overview", default=True)],
        words("Plan"): [
            _page("plan/plan.py", words("Plan"), ":material/timeline:", "plan"),
            _page("plan/risk.py", words("Risk"), ":material/casino:", "risk"),
        ],
        words("Compute"): [
            _page("compute/training_cost.py", words("Training cost"), ":material/memory:", "training-cost"),
            _page("compute/serving_cost.py", words("Serving cost"), ":material/dns:", "serving-cost"),
            _page("compute/rent_or_own.py", words("Rent or own"), ":material/warehouse:", "rent-or-own"),
            _page("compute/track_record.py", words("Track record"), ":material/query_stats:", "track-record"),
        ],
        words("Capital"): [
            _page("capital/cap_table.py", words("Rounds & cap table"), ":material/pie_chart:", "cap-table"),
            _page("capital/exit.py", words("Exit"), ":material/payments:", "exit"),
            _page("capital/histories.py", words("Histories"), ":material/history:", "histories"),
            _page("capital/documents.py", words("Your own documents"), ":material/description:", "documents"),
        ],
        words("Learn"): [
            _page("learn/lessons.py", words("Lessons"), ":material/school:", "lessons"),
            _page("learn/losses.py", words("Losses"), ":material/error:", "losses"),
            _page("learn/activations.py", words("Activations"), ":material/show_chart:", "activations"),
            _page("learn/optimizers.py", words("Optimizers"), ":material/downhill_skiing:", "optimizers"),
            _page("learn/one_step.py", words("One step of training"), ":material/footprint:", "one-step"),
            _page("learn/train.py", words("Train a CNN"), ":material/model_training:", "train"),
            _page("learn/evaluate.py", words("Evaluate"), ":material/fact_check:", "evaluate"),
            _page("learn/explain.py", words("Explain"), ":material/visibility:", "explain"),
            _page(
                "learn/fairness_and_privacy.py",
                words("Fairness and privacy"),
                ":material/balance:",
                "fairness-and-privacy",
            ),
            _page(
                "learn/ensembles_and_tuning.py",
                words("Ensembles and tuning"),
                ":material/tune:",
                "ensembles-and-tuning",
            ),
            _page("learn/speed_and_size.py", words("Speed and size"), ":material/speed:", "speed-and-size"),
            _page("learn/find_the_mistake.py", words("Find the mistake"), ":material/frame_bug:", "find-the-mistake"),
            _page("learn/article.py", words("The article"), ":material/article:", "article"),
            _page("learn/glossary.py", words("Glossary"), ":material/menu_book:", "glossary"),
        ],
    }


def page_address(address: str) -> st.Page:
    """The page at an address."""
    return next(page for section in pages().values() for page in section if page.url_path == address)


def page_link(address: str) -> None:
    """A link to a page by its own name."""
    page = page_address(address)
    st.page_link(page, label=page.title, icon=page.icon)


def _page(script: str, title: str, icon: str, address: str, *, default: bool = False) -> st.Page:
    return st.Page(PAGES / script, title=title, icon=icon, url_path=address, default=default)
