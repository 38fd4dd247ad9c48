"""The two languages as the charts are given them: the app's own catalogues."""

import gettext

from ui.language import LOCALES

chinese = gettext.translation("messages", LOCALES, ["zh_CN"]).gettext
english = gettext.translation("messages", LOCALES, ["en"]).gettext
