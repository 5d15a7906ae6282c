"""What calls take on devices without a network: at 1, 3 and 5 years of a client's data, and with very many entries."""

from __future__ import annotations

from tests.bench.ground import ground
from tests.bench.result import Figure, Options, Result, factors
from tests.bench.years import YEAR, CareApp, DiaryApp

YEARS = (1, 3, 5)


def run(options: Options) -> Result:
    """The client's calls on their device and the therapist's on theirs, at each extent; neither is connected."""
    days = {f"{years} years": years * YEAR for years in YEARS if years <= options["years"]}
    days = days or {f"{options['days']} days": options["days"]}
    longest = max(days.values())
    cases: list[dict[str, Figure]] = []
    calls = 0
    with ground() as here:
        client = here.add_client("Mara")
        with here.desk("therapist", CareApp) as care, here.device(client, "client", DiaryApp) as diary:
            care.call("sync")
            care.call("give", client.person, longest)
            care.call("sync")
            diary.call("sync")
            written = 0
            diary.call("begin")
            for name, until in days.items():
                diary.call("live_through", until, written)
                written = until
                diary.call("sync")
                care.call("sync")
                figures = diary.call("measure", options["rounds"])
                figures |= care.call("measure", client.person, options["rounds"])
                cases.append({"case": name, **figures})
                calls += len(figures)
            if options["docs"]:
                diary.call("write_until", options["docs"])
                figures = diary.call("measure", options["rounds"])
                cases.append({"case": f"{options['docs']:,} documents", **figures})
                calls += len(figures)
            used = diary.call("used")
    multiples = [{"case": f"{case['case']} / {cases[0]['case']}", **factors(cases[0], case)} for case in cases[1:]]
    return Result(n=calls * options["rounds"], client_cpu_s=used.cpu, cases=cases, factors=multiples)
