"""What clients read in their apps, in several languages: safety, sync, refusals, what became of things.

`say(locale, key, …)` tells one of them; the keys are those of `english.ENGLISH`.
`local_help(country)`: whom to call there.
"""

from intersession_schemas.client_words.crisis_lines import LOCAL_HELP, CrisisLine, LocalHelp, local_help
from intersession_schemas.client_words.saying import TABLES, say

__all__ = ["LOCAL_HELP", "TABLES", "CrisisLine", "LocalHelp", "local_help", "say"]
