// Reads the values of a picture aloud and below it: by pointing, by touch, and with the arrow keys.
//
// A value is an element of the class `value` with a title; nothing else is known here. Without script the titles are
// there for the pointer, and each picture has its table. What takes the focus lies empty over the picture: when the
// page moves, the content of what has the focus stays as it is.
"use strict";

(() => {
  const TAKEN = new Set(["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Home", "End", "PageUp", "PageDown", "Escape"]);
  const FAR = 10; // values that a page key passes over

  const plotOf = (event) => event.target.closest?.(".plot");
  const isKeys = (event) => event.target.matches?.(".plot-keys");
  const valuesOf = (plot) => [...plot.querySelectorAll(".value")];
  const readoutOf = (plot) => document.getElementById(plot.dataset.readout);

  function choose(plot, value) {
    const before = plot.querySelector(".value.chosen");
    if (before === value) return;
    before?.classList.remove("chosen");
    value?.classList.add("chosen");
    const place = readoutOf(plot);
    if (place) place.textContent = value?.querySelector("title")?.textContent ?? "";
  }

  function middle(value) {
    const { left, right, top, bottom } = value.getBoundingClientRect();
    return [(left + right) / 2, (top + bottom) / 2];
  }

  function nearest(plot, x, y) {
    const flat = plot.dataset.plane === undefined;
    let found = null;
    let least = Infinity;
    for (const value of valuesOf(plot)) {
      const [atX, atY] = middle(value);
      const away = Math.hypot(atX - x, flat ? (atY - y) / 50 : atY - y);
      if (away < least) [found, least] = [value, away];
    }
    return found;
  }

  function point(event) {
    const plot = plotOf(event);
    if (plot) choose(plot, nearest(plot, event.clientX, event.clientY));
  }

  document.addEventListener("pointermove", point, { passive: true });
  document.addEventListener("pointerdown", point, { passive: true });

  document.addEventListener("focusin", (event) => {
    const plot = plotOf(event);
    if (plot && isKeys(event) && !plot.querySelector(".value.chosen")) choose(plot, valuesOf(plot).at(-1) ?? null);
  });

  document.addEventListener("keydown", (event) => {
    const plot = plotOf(event);
    if (!plot || !isKeys(event) || !TAKEN.has(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    const values = valuesOf(plot);
    if (!values.length) return;
    event.preventDefault();
    const at = values.indexOf(plot.querySelector(".value.chosen"));
    const last = values.length - 1;
    const next = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at < 0 ? last : at - 1,
      ArrowUp: at < 0 ? last : at - 1,
      PageDown: at + FAR,
      PageUp: at - FAR,
      Home: 0,
      End: last,
    }[event.key];
    choose(plot, event.key === "Escape" ? null : values[Math.min(Math.max(next, 0), last)]);
  });
})();
