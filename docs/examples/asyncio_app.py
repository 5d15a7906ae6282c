"""An asyncio app that stays connected for a while and says what arrives.

python asyncio_app.py journal.db 60
"""

import asyncio
import sys

from intersession import Change, Tracker


async def watch(path: str, seconds: float) -> int:
    """Stay connected for some seconds; returns how many changes came from the practice."""
    loop = asyncio.get_running_loop()
    changes: asyncio.Queue[Change] = asyncio.Queue()
    arrived = 0
    with Tracker.open(path) as tracker:
        await tracker.aio.sync()
        # `on_change` calls back on the thread that made the change; `dispatch` carries it to this loop.
        end = tracker.on_change(changes.put_nowait, dispatch=lambda call: loop.call_soon_threadsafe(call))
        with tracker.live():
            try:
                async with asyncio.timeout(seconds):
                    while True:
                        change = await changes.get()
                        if change.source == "sync" and change.documents:
                            arrived += len(change.documents)
                            print(f"{len(change.documents)} documents came; {len(tracker.due())} things are due.")
            except TimeoutError:
                pass
        end()
    return arrived


if __name__ == "__main__":
    asyncio.run(watch(sys.argv[1], float(sys.argv[2])))
