// Lists whose elements are dragged into another order, and the focus that stays with what was moved.
//
// Each element has a form with "Move up" and "Move down", which works without this script. Dragging sends the same form
// with another place: `after` is the id of the element that it comes to stand after, empty for the first place.
"use strict";

(() => {
  const MOVES = "form[data-moves]";
  const EDGE = 40; // near the edge of the window the page scrolls along; on top there is the bar
  const STEP = 14;
  let dragged = null;
  let moved = null; // the form whose answer is waited for, and which of its buttons was pressed

  document.documentElement.classList.add("drags");

  // --- dragging, with the pointer: mouse, pen or finger

  const elementsOf = (list) => [...list.children].filter((one) => one.dataset.element !== undefined);
  const before = (element) => {
    const list = elementsOf(element.parentElement);
    return list[list.indexOf(element) - 1]?.dataset.element ?? "";
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    const element = grip?.closest("[data-element]");
    if (!element || event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    dragged = { element, list: element.parentElement, from: before(element), next: element.nextElementSibling };
    element.classList.add("is-dragged");
  });

  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const { element, list } = dragged;
    if (!element.isConnected) return stop();
    if (event.clientY < EDGE * 2) window.scrollBy(0, -STEP);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
    const others = elementsOf(list).filter((one) => one !== element);
    const above = others.filter((one) => {
      const { top, height } = one.getBoundingClientRect();
      return event.clientY > top + height / 2;
    }).at(-1);
    const place = above ? above.nextElementSibling : others[0];
    if (place !== element && element.nextElementSibling !== place) insert(element, list, place ?? null);
  });

  // At the end of a page the browser scrolls up while an element is out of its place.
  function insert(element, list, place) {
    const { scrollY } = window;
    list.insertBefore(element, place);
    window.scrollTo(0, scrollY);
  }

  document.addEventListener("pointerup", () => {
    if (!dragged) return;
    const { element, from } = dragged;
    const to = before(element);
    stop();
    if (element.isConnected && to !== from) put(element, to);
  });

  function back() {
    if (!dragged) return;
    if (dragged.element.isConnected) insert(dragged.element, dragged.list, dragged.next);
    stop();
  }

  document.addEventListener("pointercancel", back);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
  });

  function stop() {
    dragged.element.classList.remove("is-dragged");
    dragged = null;
  }

  function put(element, after) {
    const form = element.querySelector(MOVES);
    const place = document.createElement("input");
    place.type = "hidden";
    place.name = "after";
    place.value = after;
    form.append(place);
    form.requestSubmit();
    place.remove();
  }

  // --- focus: it stays on the button that was pressed, or where that cannot go on, on the other one

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches?.(MOVES)) return;
    const button = form.contains(document.activeElement) ? document.activeElement : form.querySelector("button:enabled");
    moved = { id: form.id, move: button?.value };
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!moved) return;
    const form = document.getElementById(moved.id);
    const buttons = [...(form?.querySelectorAll("button:enabled") ?? [])];
    (buttons.find((one) => one.value === moved.move) ?? buttons[0])?.focus({ preventScroll: true });
    form?.closest("[data-element]")?.scrollIntoView({ block: "nearest" });
    moved = null;
  });
})();
