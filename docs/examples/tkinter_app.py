"""A small desktop app: what is due, a place to write, and whether everything has been sent.

    python tkinter_app.py journal.db

It works without a network. Once the store is paired it stays connected while the window is open.
"""

import queue
import sys
import tkinter as tk
from collections.abc import Callable
from contextlib import ExitStack

from intersession import Tracker


class App:
    """The window. All of it runs on tkinter's thread; what the SDK says comes through a queue."""

    def __init__(self, root: tk.Tk, tracker: Tracker) -> None:
        self._root = root
        self._tracker = tracker
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        root.title("Journal")
        self.due = tk.Listbox(root, width=60, height=8)
        self.text = tk.Text(root, width=60, height=10)
        self.write = tk.Button(root, text="Keep", command=self._write)
        self.status = tk.Label(root, anchor="w")
        for widget in (self.due, self.text, self.write, self.status):
            widget.pack(fill="x", padx=8, pady=4)
        self._end = tracker.on_change(lambda _: self._show(), dispatch=self._calls.put)
        self._show()
        self._poll()

    def _write(self) -> None:
        text = self.text.get("1.0", "end").strip()
        if text:
            self._tracker.journal.write(text)  # on disk when it returns; it is sent when there is a network
            self.text.delete("1.0", "end")

    def _show(self) -> None:
        self.due.delete(0, "end")
        for one in self._tracker.due():
            self.due.insert("end", f"{one.title}{' (overdue)' if one.overdue else ''}")
        status = self._tracker.status()
        waiting = f"{status.pending} changes wait to be sent" if status.pending else "Everything is sent"
        entries = len(self._tracker.journal.entries())
        sent = f"{waiting}." if status.paired else "They are on this device only."
        self.status["text"] = f"Entries: {entries}. {sent}"

    def _poll(self) -> None:
        while not self._calls.empty():
            self._calls.get()()
        self._timer = self._root.after(100, self._poll)

    def close(self) -> None:
        self._end()
        self._root.after_cancel(self._timer)
        self._root.destroy()


def main(path: str) -> None:
    with ExitStack() as stack:
        tracker = stack.enter_context(Tracker.open(path))
        if tracker.pairing is not None:
            stack.enter_context(tracker.live())
        root = tk.Tk()
        app = App(root, tracker)
        root.protocol("WM_DELETE_WINDOW", app.close)
        root.mainloop()


if __name__ == "__main__":
    main(sys.argv[1])
