"""Names of what SAFEs and notes of a round become, each a series of its own, "Series A-S1"."""

from core.capital.shadow_series import shadow_names, shadow_parts


def test_each_safe_and_note_has_a_name_that_tells_its_series() -> None:
    names = shadow_names("Series A", safes=2, notes=1)
    assert names == ["Series A-S1", "Series A-S2", "Series A-N1"]
    assert [shadow_parts(name) for name in names] == [("Series A", f"-{end}") for end in ("S1", "S2", "N1")]
    assert shadow_parts("Series A") is None
