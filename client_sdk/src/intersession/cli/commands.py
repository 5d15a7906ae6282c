"""The commands of `intersession`, each a thin call of the SDK. Errors are one line and exit code 1; misuse is 2."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial, wraps
from pathlib import Path
from typing import Any

import rich_click as click

from intersession.cli import form_drafts
from intersession.cli.listing import page, page_options, show
from intersession.cli.output import printing as output
from intersession.cli.output.language import language
from intersession.errors import IntersessionError, InvalidField
from intersession.inputs import numbers
from intersession.inputs.checks import MAX_PAGE
from intersession.models.devices import Transfer
from intersession.store.forks import detach
from intersession.tracker import Tracker

Command = Callable[..., Any]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

STORE_HELP = "File of the store. Default: INTERSESSION_STORE, else a file in your user data folder."


class Errors(click.RichGroup):
    """Turns what the SDK and the system refuse into one line on standard error."""

    def main(self, *args: Any, **given: Any) -> Any:
        """Run the command line, on whatever code page."""
        output.for_any_code_page()
        return super().main(*args, **given)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit code 1 when it is refused."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever reads has enough; click ends quietly
            raise
        except (IntersessionError, OSError) as error:
            output.say(f"Error: {_said(error)}", err=True)
            if _is_of_output(error):
                _drop_output()
            return ctx.exit(1)


def _said(error: Exception) -> str:
    """In words, also where the system has refused something that is no store and no server."""
    if not isinstance(error, OSError):
        return str(error)
    if _is_of_output(error):
        return f"the output could not be written: {error.strerror}. Anything already saved is kept."
    return f"{error.filename} cannot be used: {error.strerror}."


def _is_of_output(error: Exception) -> bool:
    return isinstance(error, OSError) and error.filename is None


def _drop_output() -> None:
    """Python would try to write the rest once more as it ends, and may end with a code of its own then."""
    with contextlib.suppress(OSError, ValueError):  # it is no file, as in a test
        detach([sys.stdout.fileno()])


def moment(given: str) -> datetime:
    """A date or time in ISO 8601, as an aware datetime; without an offset it is this device's local time."""
    try:
        at = datetime.fromisoformat(given)
        here = at if at.tzinfo is not None else at.astimezone()
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter("give it like 2026-05-04, 2026-05-04T21:30 or 2026-05-04T21:30+02:00") from None
    if here.replace(tzinfo=None, fold=0) != at.replace(tzinfo=None, fold=0):
        raise click.BadParameter(
            "that time does not exist here because the clocks went forward; give the time that they showed"
        )
    return here


def day_or_moment(given: str) -> date:
    """A day as it is, or what `moment` reads."""
    if _DAY.fullmatch(given):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(given)
    return moment(given)


def window(tracker: Tracker, since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """What `window_options` gave, as moments: a day begins at the hour that the plan says."""
    begins = time(tracker.plan().day_begins)

    def bound(given: date | None) -> datetime | None:
        if given is None or isinstance(given, datetime):
            return given
        try:
            return datetime.combine(given, begins).astimezone()
        except (OverflowError, ValueError, OSError):
            raise click.BadParameter("that date is out of range on this device") from None

    return bound(since), bound(until)


def shared_options(command: Command) -> Command:
    """`--store` and `--json`, before or after the command's name."""
    stored = click.option("--store", type=click.Path(path_type=Path), default=None, help=STORE_HELP)
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

    @wraps(command)
    def with_options(store: Path | None, as_json: bool, **given: Any) -> Any:
        context = click.get_current_context(silent=True)
        before = (context.obj if context is not None else None) or {}
        return command(store=store or before.get("store"), as_json=as_json or before.get("as_json", False), **given)

    return as_json(stored(with_options))


def window_options(command: Command) -> Command:
    """`--since` and `--until`."""
    since = click.option(
        "--since", type=day_or_moment, metavar="TIME", default=None, help="Start: this day or time (inclusive)."
    )
    until = click.option(
        "--until", type=day_or_moment, metavar="TIME", default=None, help="End: this day or time (exclusive)."
    )
    return since(until(command))


sharing_option = click.option(
    "--share/--private",
    "shared",
    default=None,
    help="Share with your care team or keep private. Default: as chosen at pairing.",
)
at_option = click.option("--at", type=moment, metavar="TIME", default=None, help="When it happened. Default: now.")


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def store_path(path: Path | None) -> Path:
    """`path`, or the store in the user's data folder, which is made when needed."""
    if path is None:
        folder = Path(click.get_app_dir("intersession"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "store.db"
    return path


def open_store(path: Path | None) -> Tracker:
    """The store at `path`, or the one in the user's data folder."""
    return Tracker.open(store_path(path))


@click.group(cls=Errors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--store", type=click.Path(path_type=Path), envvar="INTERSESSION_STORE", default=None, help=STORE_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.version_option(package_name="intersession")
@click.pass_context
def main(ctx: click.Context, store: Path | None, as_json: bool) -> None:
    """Keep a journal and a symptom log between therapy sessions, stored on this device first."""
    ctx.obj = {"store": store, "as_json": as_json}


@main.command()
@click.argument("url")
@click.argument("code")
@click.option("--share/--private", "share_by_default", default=None, help="Default for new entries.")
@click.option("--share-earlier", is_flag=True, help="Also share what was written before pairing.")
@shared_options
def pair(
    store: Path | None, as_json: bool, url: str, code: str, share_by_default: bool | None, share_earlier: bool
) -> None:
    """Connect this store to your practice at URL, using the pairing CODE it gave you."""
    if share_by_default is None:
        if not is_terminal():
            raise click.UsageError("Choose --share or --private: whether your care team can read what you write.")
        share_by_default = click.confirm("Share what you write with your care team by default?")
    with open_store(store) as tracker:
        pairing = tracker.pair(url, code, share_by_default=share_by_default, share_earlier=share_earlier)
    output.as_json(pairing) if as_json else output.say(output.pairing(pairing))


@main.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--mood", type=click.IntRange(0, 10), default=None, help="From 0 (worst) to 10 (best).")
@click.option("--tag", "tags", multiple=True, help="A tag; may be repeated.")
@at_option
@sharing_option
@shared_options
def write(store: Path | None, as_json: bool, text: tuple[str, ...], **given: Any) -> None:
    """Write an entry with TEXT; `-` reads it from standard input.

    Text typed there that could not be saved stays as a draft on this device.
    """
    typed = text == ("-",)
    words, ended = form_drafts.typed() if typed else (" ".join(text), False)
    if ended and not words:
        raise click.Abort
    if any("\ud800" <= character <= "\udfff" for character in words):
        encoding = getattr(sys.stdin, "encoding", None) or "the encoding of this terminal"
        raise click.UsageError(f"That text is not {encoding}. Save it as UTF-8 and set PYTHONUTF8=1.")
    if not words.strip():
        raise click.UsageError("There is no text to write.")
    with open_store(store) as tracker:
        if ended:
            form_drafts.keep(tracker, words)
            raise click.Abort
        try:
            entry = tracker.journal.write(words, **given)
        except InvalidField:
            if typed:
                form_drafts.keep(tracker, words)
            raise
    output.as_json(entry) if as_json else output.say(output.entry(entry))


@main.command()
@click.argument("values", nargs=-1, required=True, metavar="NAME=NUMBER...")
@click.option("--scale", default=None, help="Lowest and highest value, for example 1-5.")
@click.option("--note", default="", help="A short note.")
@at_option
@sharing_option
@shared_options
def log(store: Path | None, as_json: bool, values: tuple[str, ...], **given: Any) -> None:
    """Log symptoms, for example `worry=3 relax=2`."""
    with open_store(store) as tracker:
        found = tracker.symptoms.log(numbers_of(values), **given)
    output.as_json(found) if as_json else output.say(output.log(found))


def numbers_of(values: Sequence[str]) -> dict[str, int | float]:
    """Values by name, of words like `worry=3`."""
    return dict(map(_value, values))


def _value(given: str) -> tuple[str, int | float]:
    name, _, text = given.rpartition("=")
    number = numbers.typed(text)
    if number is None:
        raise click.UsageError(
            f"Give each symptom like worry=3 or sleep=6,5; {name or 'one of them'} has no valid number."
        )
    return name.strip(), number


@main.command()
@window_options
@page_options
@shared_options
def entries(store: Path | None, as_json: bool, since: date | None, until: date | None, **given: Any) -> None:
    """List journal entries, newest first."""
    with open_store(store) as tracker:
        start, end = window(tracker, since, until)
        found, more = page(partial(tracker.journal.entries, since=start, until=end), **given)
    show(found, more, as_json, output.entry, "No entries.")


@main.command()
@click.argument("query", nargs=-1, required=True)
@window_options
@click.option("--limit", type=click.IntRange(1, MAX_PAGE), default=50, show_default=True, help="Entries per page.")
@click.option("--after", metavar="NEXT", default=None, help="Continue after the page that ended with this NEXT.")
@shared_options
def search(
    store: Path | None, as_json: bool, query: tuple[str, ...], since: date | None, until: date | None, **given: Any
) -> None:
    """Find the journal entries that contain every word of QUERY, newest first, with the matching passage."""
    with open_store(store) as tracker:
        start, end = window(tracker, since, until)
        found = tracker.journal.search(" ".join(query), since=start, until=end, **given)
    if as_json:
        output.as_json(found)
        return
    output.hits(found, "Nothing found.")
    if found.next is not None:
        output.say(f"There is more: --after={found.next}")


@main.command()
@click.argument("name", required=False)
@click.option(
    "--scale", default=None, help="Values on this scale, for example 1-5 or none. Default: the newest value's scale."
)
@window_options
@shared_options
def symptoms(
    store: Path | None, as_json: bool, name: str | None, scale: str | None, since: date | None, until: date | None
) -> None:
    """List the values of the symptom NAME on one scale, newest first; without NAME, all symptoms."""
    with open_store(store) as tracker:
        start, end = window(tracker, since, until)
        if name is not None:
            points = tracker.symptoms.series(name, scale=scale, since=start, until=end)
            lines = [output.point(one) for one in points]
            scales = tracker.symptoms.scales(name, since=start, until=end)
            others = [output.scale(one) for one in scales if not points or one != points[0].scale]
            lines += [f"There are values on another scale: --scale {', --scale '.join(others)}"] if others else []
            found: object = points
        else:
            summaries = output.summaries(tracker.symptoms.logs(since=start, until=end))
            lines = [output.summary(one) for one in summaries]
            found = summaries
    output.as_json(found) if as_json else output.paragraphs(lines, "No symptoms.")


@main.command()
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=60.0, show_default=True, help="Seconds to keep trying."
)
@shared_options
def sync(store: Path | None, as_json: bool, timeout: float) -> None:
    """Sync with your practice's server. Exits with 1 if something is left."""
    with (
        open_store(store) as tracker,
        click.progressbar(length=1, label="Exchanging", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar,
    ):

        def advance(transfer: Transfer) -> None:
            bar.length = max(1, transfer.to_send.documents + transfer.to_receive.documents)
            bar.update(transfer.sent.documents + transfer.received.documents - bar.pos)

        report = tracker.sync(timeout=timeout, progress=advance)
    output.as_json(report) if as_json else output.say(output.sync(report))
    if not report.complete:
        sys.exit(1)


@main.command()
@shared_options
def status(store: Path | None, as_json: bool) -> None:
    """Show what is waiting to be sent, and the time of the last sync."""
    with open_store(store) as tracker:
        found, drafts = tracker.status(locale=language()), tracker.drafts.list()
    output.as_json(found) if as_json else output.notes([output.status(found), *form_drafts.lines(drafts)])
