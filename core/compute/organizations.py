"""Which organisation a run belongs to, so that a run never helps to predict another run of the same house."""

import re


def organizations(name: str) -> frozenset[str]:
    """Canonical names in a cell: "Meta AI (FAIR)" and "Facebook" are both {"meta"}, "Microsoft / NVIDIA" is two."""
    parts = re.split(r"[/,;&+×()]|\band\b|\bwith\b", name.casefold())
    return frozenset(house for part in parts if (house := _house(part)))


def _house(part: str) -> str:
    words = "".join(word for word in re.findall(r"[^\W_]+", part) if word not in _FILLER)
    return _HOUSES.get(words, words)


_FILLER_WORDS = "the of for ai inc ltd llc corp corporation company lab labs team research workshop project"
_FILLER = frozenset(_FILLER_WORDS.split())

# Spellings, parents, successors and renamings, as they read without filler words and spaces.
_SPELLINGS = {
    "meta": "facebook fair metafair facebookfair genai metagenai metaplatforms metallama superintelligence",
    "google": "deepmind googledeepmind googlebrain alphabet",
    "allenai": "ai2 allen alleninstitute alleninstituteartificialintelligence",
    "eleutherai": "eleuther",
    "huggingface": "hf huggingfacetb huggingfacesmol huggingfaceh4",
    "tsinghua": "tsinghuauniversity tsinghuakeg thudm thu zhipu zhipuai z zai knowledgeengineeringgroup",
    "mosaicml": "mosaic databricks databricksmosaic databricksmosaicml",
    "technologyinnovationinstitute": "tii tiiuae",
    "sutd": "statnlp tinyllama singaporeuniversitytechnology singaporeuniversitytechnologydesign",
    "deepseek": "deepseekai",
    "arcee": "arceeai",
    "microsoft": "msft msr microsoftazure",
    "swiss": "swissai swissinitiative swissaiinitiative epfl eth ethzurich ethzürich cscs",
    "naver": "navercloud naverclova",
    "stability": "stabilityai",
    "ibm": "ibmgranite granite",
    "stanford": "stanfordcrfm stanforduniversity crfm",
    "renminuniversity": "renmin renminuniversitychina ruc",
    "rednotehilab": "rednotehi rednote xiaohongshu",
    "inf": "infly inftech inftechnology",
    "linagora": "openllmfrance openllm",
    "singapore": "aisingapore aisg",
}
_HOUSES = {spelling: house for house, spellings in _SPELLINGS.items() for spelling in spellings.split()}
