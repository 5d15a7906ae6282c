// Forms that are carried out in place: htmx sends them, and what they are answered is put in as a live update is.
//
// Without this script they work as forms always did. What somebody typed is kept until it has been saved.
"use strict";

(() => {
  const { words, show, leave, isLeaving, isDirty, sayIn } = window.Intersession;
  const SAID_FOR = 5_000;
  const TOUCH_EVERY = 60_000;
  let quiet = 0;

  htmx.defineExtension("keep", {
    isInlineSwap: (style) => style === "keep",
    handleSwap: (style, target, fragment) => {
      if (style !== "keep") return false;
      show(fragment.id === "main" ? fragment : fragment.querySelector("#main"));
      return [];
    },
  });

  function say(text) {
    const place = document.getElementById("said");
    if (!place) return;
    place.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => (place.textContent = ""), SAID_FOR);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const elt = requestConfig.elt; // the form; the event itself is of what is swapped
    if (xhr.status === 422) {
      event.detail.shouldSwap = false;
      const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const problem = answer.querySelector("[data-field]");
      const field = problem?.dataset.field && [...elt.elements].findLast((one) => one.name === problem.dataset.field);
      const label = field?.labels?.[0]?.firstChild.textContent.trim();
      sayIn(elt, label ? `${label}: ${problem.textContent.trim()}` : answer.body.textContent.trim(), "notice-problem");
      if (field) {
        field.setAttribute("aria-invalid", "true");
        field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true });
        field.focus();
      } else {
        elt.querySelector(".sheet-said")?.scrollIntoView({ block: "nearest" });
      }
    } else if ([401, 403, 404].includes(xhr.status)) {
      event.detail.shouldSwap = false;
      if (isDirty(elt) && xhr.status === 403) sayIn(elt, words.refused, "notice-problem");
      else leave();
    } else if (xhr.status >= 400) {
      event.detail.shouldSwap = false;
      sayIn(elt, words.refused, "notice-problem");
    } else {
      elt.reset?.(); // what was typed is saved: it no longer keeps the form from moving
      elt.querySelector(".sheet-said")?.replaceChildren();
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.detail.requestConfig?.elt;
    // A form that only looks at something has saved nothing.
    if (event.detail.xhr?.status < 400 && !form?.classList?.contains("looks")) say(words.saved);
  });

  // A button that cannot be pressed while its form is under way loses the focus; it gets it back.
  let pressed = null;
  document.addEventListener("htmx:beforeRequest", () => (pressed = document.activeElement));
  document.addEventListener("htmx:afterRequest", () => {
    if (document.activeElement === document.body && pressed?.isConnected) pressed.focus({ preventScroll: true });
  });

  for (const failed of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, (event) => sayIn(event.detail.elt, words.failed, "notice-problem"));
  }

  // Who types is there: the session of this browser is kept, as it is by whatever else a person does.
  let touched = Date.now();
  document.addEventListener("input", () => {
    if (Date.now() - touched < TOUCH_EVERY) return;
    touched = Date.now();
    fetch("/api/me", { cache: "no-store" }).catch(() => {});
  });

  addEventListener("beforeunload", (event) => {
    if (isLeaving()) return; // the right to see it has ended
    if ([...document.querySelectorAll("form.sheet")].some(isDirty)) event.preventDefault();
  });
})();
