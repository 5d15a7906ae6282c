"""What is said on a page where a command was refused. The texts of the commands are for a terminal."""

from __future__ import annotations

from intersession_server.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from intersession_server.accounts.people import MAX_NAME, MAX_USERNAME
from intersession_server.errors import Refused
from intersession_server.language.language import say


def in_words(refusal: Refused, *, username: bool = False) -> Refused:
    """The same refusal, in the language of the page. `username`: a user name was given."""
    text = _text(refusal.code, username=username)
    return Refused(refusal.code, text, retry_after=refusal.retry_after) if text is not None else refusal


def _text(code: str, *, username: bool) -> str | None:
    match code:
        case "name_taken" if username:
            return say("This user name is taken.")
        case "name_taken":
            return say(
                "There is already a client of this name. If you mean somebody else, tick “Another person of the same"
                " name”."
            )
        case "bad_name" if username:
            return say(
                "A user name has 1 to %(most)s letters, digits and . _ - @ +, without spaces. A name has 1 to %(long)s"
                " characters.",
                most=MAX_USERNAME,
                long=MAX_NAME,
            )
        case "bad_name":
            return say("A name has 1 to %(most)s characters and no control characters.", most=MAX_NAME)
        case "bad_password":
            return say("A password has %(least)s to %(most)s characters.", least=MIN_LENGTH, most=MAX_LENGTH)
        case "bad_lifetime":
            return say("Pairing codes last from 10 minutes to 14 days.")
        case "bad_country":
            return say("No crisis lines are known for that country.")
        case "not_found":
            return say("This person, or this device, is not there any more. Reload the page.")
        case _:
            return _about_people(code)


def _about_people(code: str) -> str | None:
    match code:
        case "ended":
            return say("Their care has ended, or they have left the practice. Take it up again first.")
        case "last_manager":
            return say("Nobody else manages this practice. Let another therapist manage it first.")
        case "own_account":
            return say("You cannot end your own account. Ask somebody else who manages the practice.")
        case "assigned_already":
            return say("They are on the care team already, in another role. End that assignment first.")
        case "not_assigned":
            return say("They are not on the care team any more.")
        case _:
            return None
