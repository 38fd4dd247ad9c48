"""What kinds, units and sources of data are called on a page."""

from ui.language import N_

KINDS = {
    "crawl": N_("web crawl"),
    "code": N_("code"),
    "licensed": N_("licensed"),
    "synthetic": N_("written by a model"),
    "human": N_("written or judged by people"),
    "cleaning": N_("cleaning"),
    "storage": N_("storage"),
    "egress": N_("moving it out"),
}
UNITS = {
    "million_tokens": N_("million tokens"),
    "accelerator_hour": N_("accelerator-hour"),
    "word": N_("word"),
    "title": N_("title"),
    "comparison": N_("comparison"),
    "hour": N_("hour"),
    "contract": N_("contract"),
    "year": N_("year"),
    "terabyte_month": N_("terabyte and month"),
    "terabyte": N_("terabyte"),
}
# Of data/data_sources.csv: named here so that they are translated.
SOURCE_NAMES = (
    N_("Common Crawl"),
    N_("FineWeb: choosing the filters and filtering"),
    N_("FineWeb-Edu: scoring every page with a classifier"),
    N_("The Stack: permissively licensed code"),
    N_("Licensed text, market rate"),
    N_("HarperCollins to Microsoft, a book for three years"),
    N_("Anthropic to authors, a book copied without licence"),
    N_("Reddit to Google, a year"),
    N_("News Corp to OpenAI, a year"),
    N_("Axel Springer to OpenAI, a year"),
    N_("The New York Times to Amazon, a year"),
    N_("Dotdash Meredith to OpenAI, a year"),
    N_("Taylor & Francis to two buyers"),
    N_("Wiley, two contracts"),
    N_("Shutterstock, images, one buyer's first contract"),
    N_("Cosmopedia: textbooks written by Mixtral 8x7B"),
    N_("A comparison judged by a frontier model"),
    N_("A comparison judged by a person"),
    N_("A small contract for human preferences"),
    N_("Annotator in Kenya, as billed"),
    N_("Annotator in the US, pay"),
    N_("Expert such as physician, lawyer or doctor of science, pay"),
    N_("Amazon S3 Standard"),
    N_("Google Cloud Storage Standard"),
    N_("Cloudflare R2"),
    N_("Moving data out of AWS"),
    N_("Moving data out of Google Cloud"),
    N_("Moving data out of Cloudflare R2"),
)
