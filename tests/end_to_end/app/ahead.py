"""A clock that is a day ahead, in a page and in its worker."""

from __future__ import annotations

DAY = 24 * 60 * 60 * 1000
# A clock that is ahead.
AHEAD = f"""(() => {{
  const Real = Date;
  globalThis.Date = class extends Real {{
    constructor(...given) {{ given.length ? super(...given) : super(Real.now() + {DAY}); }}
    static now() {{ return Real.now() + {DAY}; }}
  }};
}})();
"""
WORKER_AHEAD = "worker-ahead.js"
# No script of a page reaches into its workers; so the page that is ahead is given a worker that is so, too.
BOTH_AHEAD = f"""{AHEAD}
(() => {{
  const Made = globalThis.Worker;
  globalThis.Worker = class extends Made {{ constructor(_, how) {{ super("/app/{WORKER_AHEAD}", how); }} }};
}})()"""
