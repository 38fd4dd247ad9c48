"""Both languages are complete and well set: every string has an entry, nothing is empty or unused, the .mo files are
compiled; Chinese has its own punctuation and one term for one thing, and both say the same figures, formulas and bold.
"""

import json
import re
import unicodedata

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tools import catalogues
from ui.language import LOCALES

CHINESE = "[\u4e00-\u9fff]"
# What a program reads: forms of numbers and days, names of functions and files.
MACHINE_READ = {
    "1e3 K, 1e6 M, 1e9 B, 1e12 T",
    "1e3 thousand, 1e6 million, 1e9 billion, 1e12 trillion",
    "mmm d, yyyy",
    "mmm yyyy",
}
# Names stay as they are: of functions and methods in formulas, of investors in histories, of models in presets.
HOUSES_OF_NAMES = ("core/formulas", "data/capital_histories.csv", "data/presets/")
NAMES = {
    *("EBITDA", "F1", "GFLOP", "10²¹ FLOP", "IPO", "MFU", "MLP", "SAFE"),
    *("Dropout", "Grad-CAM", "GradientSHAP", "Kernel SHAP", "LIME", "SmoothGrad"),
    *("SimpleCNN", "TensorBoard", "Transformer", "bfloat16", "channels_last", "logits", "torch.compile"),
    "pip install distributed",
}
# One term for one thing: what was said in two ways, and the one that stayed.
RETIRED = {
    "完全摊薄": "完全稀释",
    "清算优先权": "优先清算权",
    "锁定期": "禁售期",
    "折价轮": "降价轮",
    "可转换票据": "可转债",
    "算力额度": "算力抵用额度",
    "云额度": "云服务抵用额度",
    "未发放期权": "未授予期权",
    "股权表": "股权结构表",
    "块加速卡": "张加速卡",
    "加速器": "加速卡",
    "百万词元": "百万 token",
    "您": "你",
}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_catalogue_is_complete(language: str) -> None:
    assert catalogues.faults(language, catalogues.extracted()) == []


def test_missing_string_is_a_fault() -> None:
    template = catalogues.extracted()
    template.add("A string that nobody has translated yet")
    assert catalogues.faults("zh_CN", template) == ["zh_CN: no entry for 'A string that nobody has translated yet'"]


def test_preset_texts_are_extracted() -> None:
    preset = json.loads(
        '{"name": "A lab", "runs": [{"name": "A run", "continues": null}], "holders": [{"name": "We"}]}'
    )
    assert list(catalogues.preset_texts(preset)) == ["A lab", "A run", "We"]


def test_a_placeholder_that_is_said_once_more_is_a_fault() -> None:
    template = catalogues.extracted()
    catalogue = catalogues.updated("zh_CN", template)
    catalogue.get("{name} ({unit})").string = "{name}（{unit}，{unit}）"
    assert catalogues.differing_placeholders(catalogue) == ["{name} ({unit})"]


def test_chinese_has_chinese_punctuation() -> None:
    """GB/T 15834-2011: ，；：？！（） and 。 after a character, “” around one."""
    half_width = re.compile(rf"{CHINESE}[,;:?!]|[,;:?!(]{CHINESE}|{CHINESE}\.(?:\s|$)|[\"']{CHINESE}|{CHINESE}[\"']")
    texts = {one.id: one.string for one in entries("zh_CN") if one.id not in MACHINE_READ}
    assert [text for text in texts.values() if half_width.search(text)] == []


def test_what_both_languages_say_alike_is_a_name() -> None:
    alike = [one for one in entries("zh_CN") if one.string == one.id and re.search("[A-Za-z]", unfilled(one.id))]
    untranslated = [
        one.id
        for one in alike
        if one.id not in NAMES
        and (catalogues.PROSE.search(one.id) or not all(at.startswith(HOUSES_OF_NAMES) for at, _ in one.locations))
    ]
    assert untranslated == []


@pytest.mark.parametrize("mark", [r"\*\*", "`", r"\$[^$]+\$"], ids=["bold", "code", "formula"])
def test_both_languages_mark_as_much(mark: str) -> None:
    found = [one for one in entries("zh_CN") if len(re.findall(mark, one.id)) != len(re.findall(mark, one.string))]
    assert [(one.id, one.string) for one in found] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_per_cent_is_written_without_a_space(language: str) -> None:
    assert [one.string for one in entries(language) if re.search(r"[\d}] %", one.string)] == []


def test_days_and_months_stand_without_spaces() -> None:
    """2027年3月 brings its own 年 and 月: no space beside a character, as in 现金于2027年3月耗尽."""
    spaced = re.compile(rf"{CHINESE} \{{(?:day|month|date)\}}|\{{(?:day|month|date)\}} {CHINESE}")
    assert [one.string for one in entries("zh_CN") if spaced.search(one.string)] == []


def test_a_year_or_a_month_has_no_space_within_or_before() -> None:
    within = re.compile(rf"(?<!\d)\d{{4}} 年|年 \d{{1,2}} ?月|月 \d{{1,2}} ?日|{CHINESE} \d{{4}}年")
    assert [one.string for one in entries("zh_CN") if within.search(one.string)] == []


@pytest.mark.parametrize("term", RETIRED)
def test_one_term_for_one_thing(term: str) -> None:
    assert [one.string for one in entries("zh_CN") if term in one.string] == [], f"say {RETIRED[term]}"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_bold_is_shown_as_bold(language: str) -> None:
    """CommonMark 0.31, section 6.2: beside a letter, a ** that touches punctuation on its inner side stays as it is."""
    assert [one.string for one in entries(language) if not bold_closes(unfilled(one.string, "X"))] == []


def test_bold_that_ends_in_a_full_stop_before_a_character_is_found() -> None:
    assert bold_closes("**第 1 步** 公司")
    assert not bold_closes("**第 1 步。**公司")


def entries(language: str) -> list[Message]:
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return [one for one in read_po(file) if one.id]


def unfilled(text: str, filling: str = "") -> str:
    """The text without what its placeholders will hold."""
    return re.sub(r"\{\w+\}", filling, text)


def bold_closes(text: str) -> bool:
    """Whether each ** of the text opens or closes in turn."""
    for number, marker in enumerate(re.finditer(r"\*\*", text)):
        before, after = text[: marker.start()][-1:] or " ", text[marker.end() :][:1] or " "
        inner, outer = (after, before) if number % 2 == 0 else (before, after)
        if inner.isspace() or (punctuation(inner) and not (outer.isspace() or punctuation(outer))):
            return False
    return True


def punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"
