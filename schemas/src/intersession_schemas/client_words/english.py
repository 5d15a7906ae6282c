"""The English of what clients read; the other languages have the same keys and the same values to fill in."""

from __future__ import annotations

from collections.abc import Mapping

from intersession_schemas.errors import REFUSAL_TEXT, STREAM_STOPPED_TEXT

_SAFETY: Mapping[str, str] = {
    "nobody watches": (
        "Nobody is watching this in real time: your care team reads what you write when they next look. If you are in "
        "danger now, call your local emergency number, or somebody on this plan."
    ),
    "part warning_signs": "Warning signs",
    "part on_my_own": "What I can do on my own",
    "part people_and_places": "People and places that take my mind off it",
    "part people_to_ask": "People I can ask for help",
    "part professionals": "Professionals and services",
    "part safe_place": "Making my surroundings safe",
    "help emergency": "In danger now: {number}",
    "help call": "{name}: {number}",
    "help text": "{name}: send a text message to {number}",
    "help text word": "{name}: send a text message with “{word}” to {number}",
    "help looked up": "These lines answer day and night. We looked the numbers up on {day}.",
}

_STATES: Mapping[str, str] = {
    "occurrence done": "done",
    "occurrence partly": "partly",
    "occurrence not": "not",
    "occurrence could_not": "could not",
    "occurrence paused": "paused",
    "occurrence open": "open",
    "occurrence unanswered": "unanswered",
    "barrier forgot": "forgot",
    "barrier no_chance": "no chance",
    "barrier too_hard": "too hard",
    "barrier unclear": "unclear",
    "barrier felt_worse": "felt worse",
    "barrier no_point": "did not see the point",
    "decision keep": "keep",
    "decision adapt": "adapt",
    "decision step_up": "step up",
    "decision step_down": "step down",
    "decision replace": "replace",
    "decision stop": "stop",
    "session planned": "planned",
    "session attended": "attended",
    "session missed": "missed",
    "session cancelled": "cancelled",
    "goal open": "open",
    "goal reached": "reached",
    "goal let_go": "let go",
    "phase assessment": "assessment",
    "phase treatment": "treatment",
    "phase follow_up": "follow-up",
    "phase ended": "ended",
    "pause illness": "illness",
    "pause holiday": "holiday",
    "pause other": "other",
    "due journal": "journal",
    "due tracker": "symptoms",
    "due homework": "homework",
    "due assessment": "questionnaire",
    "assessment draft": "begun",
    "assessment completed": "completed",
    "withdrawal waiting": "deleted here; the server is told at the next sync",
    "withdrawal erased": "deleted here and at your practice",
    "withdrawal kept": "deleted here and hidden from everybody; your practice has to keep it",
    "withdrawal refused": "deleted here; the server refused, see `intersession status`",
    "may have been read": "It may have been read on {days}",
    "vault none": "There is no vault: private entries stay on this device only.",
    "vault locked": "The vault is locked on this device: intersession vault unlock",
    "vault open": "The vault is unlocked: private entries are encrypted and synced between your devices.",
    "vault waiting": "{count} encrypted edits cannot be read until it is unlocked.",
    "vault unreadable": "{count} cannot be read.",
}

_LINES: Mapping[str, str] = {
    "mood": "mood {mood}",
    "shared": "shared",
    "private": "private",
    "synced later": "synced later",
    "time corrected": "time corrected, was {moment}",
    "corrected": "corrected {moment}",
    "before": "before: {moment}",
    "overdue": "overdue",
    "reminder": "reminder",
    "journal": "Journal",
    "symptoms to track": "Symptoms to track",
    "tracker": "{name}, {low} to {high}: {rule}",
    "pauses": "Pauses",
    "pause": "{first} to {last} ({reason})",
    "further notice": "further notice",
    "day begins": "The day begins at {hour}.",
    "there is a safety plan": "There is a safety plan: intersession safety-plan",
    "plan is empty": "The plan is empty so far.",
    "every day": "every day",
    "every week": "every week",
    "every month": "every month",
    "every year": "every year",
    "due on": "due {day}",
    "any time": "any time",
    "ended on": "ended {day}",
    "why": "Why: {why}",
    "your therapist": "Your therapist: {decision}. {reason}",
    "nothing to count": "Nothing to count yet.",
    "so many could not": "{count} could not",
    "so many paused": "{count} paused",
    "done of": "{done} of {counted} done",
    "so many partly": "{count} partly",
    "not counted": "{what}; not counted",
    "difficulty": "difficulty {value}",
    "helpfulness": "helpfulness {value}",
    "corrected from": "corrected, was {was}",
    "talked about": "talked about on {day}",
    "between": "{low} to {high}",
    "no score": "no score",
    "since the last one": "since the last one: {words}",
    "helped": "helped",
    "did not help": "did not help",
    "nothing to show": "Nothing to show yet.",
    "series": "{low} to {high}, last {last}",
}

_ASKING: Mapping[str, str] = {
    "valid answer wanted": "That is not a valid answer here.",
    "enter skips": "Enter skips.",
    "saved for later": "Saved for later. Your answers so far are kept.",
    "kept as a draft": "Saved for later. Your answers so far are kept as a draft on this device.",
    "not completed": "Not completed. Your answers so far are kept; run the same command to continue.",
    "left as it is": "Left as it is, not completed.",
    "complete it": "Complete it? It cannot be changed afterwards",
    "answered differently": "Answered differently on two devices: {answers}.",
    "an answer is asked for": "Your care team asks for an answer here. Press Enter again to leave it for later.",
    "anything else": "Anything else you want to write",
    "give a number": "Give a number from {low} to {high}.",
    "give a whole number": "Give a whole number from 0 to 10.",
    "how hard": "How hard was it, 0 easy to 10",
    "how helpful": "How much did it help, 0 not at all to 10",
    "what learned": "What did you learn",
    "what was in the way": "What was in the way: {barriers}",
    "number": "Number",
    "resource": "Resource: {title}",
}

_SYNC: Mapping[str, str] = {
    "paired, shares": "Paired with {practice} as {name}. What you write is shared with your care team unless you say"
    " otherwise.",
    "paired, private": "Paired with {practice} as {name}. What you write stays private unless you say otherwise.",
    "not paired": "Not paired yet.",
    "one change sent": "1 change sent, {pulled} received.",
    "changes sent": "{count} changes sent, {pulled} received.",
    "so many refused": "{count} not accepted, see `intersession status`.",
    "in sync": "Everything is in sync.",
    "all is kept": "Everything you wrote is kept.",
    "nothing to send": "Nothing to send.",
    "one change waits": "1 change waits to be sent, the oldest since {since}.",
    "changes wait": "{count} changes wait to be sent, the oldest since {since}.",
    "last sync": "Last sync: {moment}.",
    "never": "never",
    "one document unread": "1 document received and not read yet: lists, search and charts are incomplete until then.",
    "documents unread": "{count} documents received and not read yet: lists, search and charts are incomplete until"
    " then.",
    "clock ahead": "This device's clock is {span} ahead of the server's. Check its date and time.",
    "clock behind": "This device's clock is {span} behind the server's. Check its date and time.",
    "access ended": "The practice has ended this device's access.",
    "problem since": "Problem since {moment}: {message}",
    "one thing unreadable": "1 thing that the server sent cannot be read. Update the app; if that does not help, tell"
    " the practice.",
    "things unreadable": "{count} things that the server sent cannot be read. Update the app; if that does not help,"
    " tell the practice.",
    "stopped": "Stopped: {record} cannot be exchanged ({code}). {message}",
    "not accepted": "Not accepted on {moment} ({code}): {message}",
    "its text": "Its text is kept here:",
    "one day": "1 day",
    "days": "{count} days",
    "one hour": "1 hour",
    "hours": "{count} hours",
    "one minute": "1 minute",
    "minutes": "{count} minutes",
    "one second": "1 second",
    "seconds": "{count} seconds",
}

_TROUBLE: Mapping[str, str] = {
    "trouble unreachable": "The server does not answer. Check this device's network connection.",
    "trouble refuses": "This address refuses the connection (HTTP 403). Ask the practice for the server's address; if"
    " it is this one, the network blocks it.",
    "trouble another server": "The answer did not come from an Intersession server (HTTP {status}). Check the address"
    " and the network.",
    "trouble connection_lost": "The connection to the server was lost. The rest will be sent when it is back.",
    "trouble store_full": "This device's disk is full. Free some space; nothing that was written is lost.",
    "trouble bad answer": "The server sent something this app does not understand. Update the app, or tell the"
    " practice.",
    "trouble protocol_error": "The server did not understand what this app sent. Update the app, or tell the practice.",
    "trouble no_stream": "The practice has not set up a record for what you share. It waits on this device; contact the"
    " practice.",
    "trouble access_ended": "The practice has ended this device's access. What had not been sent is kept as text. Pair"
    " again with a new code.",
    "trouble too_many_files": "This app has too many files open to connect (EMFILE). Close and start it again.",
    "trouble going_away": "The server is restarting. This device will reconnect when it is back.",
    "trouble wrong_token": "The server does not know this device: it was restored from an earlier backup, or replaced."
    " What you wrote stays here. Ask the practice for a new code, and pair this store again. If pairing then says that"
    " this store belongs to another person, the server is new: bring your data into a new store with"
    " `intersession import store`.",
    "trouble too_slow": "The connection is too slow: the server gave up waiting. Try again on a faster network.",
    "trouble frame_too_large": "The server does not accept messages this large. This device will send smaller ones next"
    " time.",
    "trouble upgrade_required": "The server speaks another protocol version. Update the app; everything you wrote is"
    " kept.",
    "trouble too_many": "You have too many connections open. Close the app on another device.",
    "trouble server_error": "The server has a problem. It is not your device's fault; try again later.",
    "trouble unavailable": "The server is not taking connections right now (HTTP {status}). Try again later.",
    "trouble timeout": "Sync reached its time limit. Sync again to continue where it left off.",
}

ENGLISH: Mapping[str, str] = {
    **_SAFETY,
    **_STATES,
    **_LINES,
    **_ASKING,
    **_SYNC,
    **_TROUBLE,
    **{f"refusal {code}": text for code, text in REFUSAL_TEXT.items()},
    **{f"stopped {code}": text for code, text in STREAM_STOPPED_TEXT.items()},
}
