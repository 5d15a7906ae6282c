// Keeps an open page in step with the server, and says honestly whether it is.
//
// The server sends marks: one per client, which change when something of theirs does. A page holds the mark of what it
// shows (data-state), and fetches its content again when the two differ. So it does not matter which message was lost.
// A list of clients (data-changed) fetches the rows of those alone who differ.
"use strict";

(() => {
  const BEAT_WITHIN = 40_000; // the server says something every 15 s
  const AGAIN_AFTER = 1_000;
  const AGO_EVERY = 30_000;
  const ROWS_AT_ONCE = 20;

  const live = document.getElementById("live");
  const words = JSON.parse(live?.dataset.words ?? "{}");
  const language = document.documentElement.lang;
  let main = document.getElementById("main");
  let source = null;
  let followed = ""; // what is listened to
  let rowsAreEnough = true; // until an answer has shown otherwise
  let wanted = null; // the marks as the server has told them
  let fetching = false;
  let unseen = false; // shown while the page was not in view
  let silence = 0;
  let shownAt = new Date();
  let leaving = false;
  let samePage = true; // whether what is put in place is the page that was there

  // --- what is said about it

  const clock = (at) => at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

  function say(state, words) {
    const place = live.querySelector(".live-words");
    live.dataset.live = state;
    if (place.textContent !== words) place.textContent = words;
  }

  const sayLive = () => say("on", words.on);
  const sayWaiting = () => say("waiting", words.interrupted.replace("{time}", clock(shownAt)));

  // --- hearing

  function toFollow() {
    const { client, changed, follows, library } = main.dataset;
    if (library) return "/events?library=true";
    if (changed) return "/events?caseload=true";
    const asked = String(new URLSearchParams({ ...(client && { client }), ...(follows && { follows }) }));
    return asked ? `/events?${asked}` : "/events";
  }

  function listen() {
    if (source) source.close();
    source = new EventSource((followed = toFollow()));
    source.addEventListener("state", (event) => {
      alive();
      wanted = JSON.parse(event.data);
      renewIfBehind();
    });
    source.addEventListener("moved", (event) => {
      alive();
      Object.assign(wanted, JSON.parse(event.data));
      renewIfBehind();
    });
    source.addEventListener("beat", () => {
      alive();
      renewIfBehind();
    });
    source.addEventListener("ended", leave);
    source.addEventListener("error", () => {
      sayWaiting();
      // A refusal is final for this source: signed out, or the server is not itself yet.
      if (source.readyState === EventSource.CLOSED) setTimeout(askWhy, AGAIN_AFTER * 2);
    });
    watch();
  }

  function alive() {
    sayLive();
    watch();
  }

  function watch() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      sayWaiting();
      listen();
    }, BEAT_WITHIN);
  }

  // What is on the screen must not outlive the right to see it: the server decides what to show instead.
  function leave() {
    clearTimeout(silence);
    leaving = true;
    if (source) source.close();
    location.reload();
  }

  async function askWhy() {
    try {
      const answer = await fetch(main.dataset.fragment, { cache: "no-store" });
      if ([401, 403, 404].includes(answer.status)) leave();
      else listen();
    } catch {
      setTimeout(askWhy, AGAIN_AFTER * 5);
    }
  }

  // --- showing

  // Whether the page shows something else than there is: of its client, or of a caseload.
  function isBehind() {
    if (wanted === null) return false;
    const { client, state } = main.dataset;
    if (client) return (wanted[client] ?? "") !== state;
    if (!state) return false;
    return changedClients(JSON.parse(state)).length > 0;
  }

  const changedClients = (shown) => [...new Set([...Object.keys(wanted), ...Object.keys(shown)])].filter((one) => wanted[one] !== shown[one]);

  // The address of the rows that changed, where these are all that has to be fetched.
  function onlyChanged() {
    const { changed, state } = main.dataset;
    if (!changed || !state || wanted === null) return null;
    const clients = changedClients(JSON.parse(state));
    const areHere = clients.every((one) => wanted[one] && document.getElementById(`client-${one}`));
    if (clients.length === 0 || clients.length > ROWS_AT_ONCE || !areHere) return null;
    return changed + clients.map((one) => `&only=${one}`).join("");
  }

  // What is shown counts as looked at by this person only while the page is in view.
  const isInView = () => document.visibilityState === "visible";

  async function renewIfBehind() {
    const looksNow = unseen && isInView();
    if (fetching || !(isBehind() || looksNow)) return;
    const { fragment } = main.dataset;
    const rows = rowsAreEnough && !looksNow ? onlyChanged() : null;
    rowsAreEnough = true;
    fetching = true;
    unseen = !isInView();
    try {
      const answer = await fetch(rows ?? fragment, { cache: "no-store", headers: { "x-in-view": unseen ? "0" : "1" } });
      if ([401, 403, 404].includes(answer.status)) return leave();
      const text = await answer.text();
      // A form that was sent meanwhile has brought another page, or a newer one.
      if (answer.ok && fragment === main.dataset.fragment) {
        const found = new DOMParser().parseFromString(text, "text/html").getElementById("main");
        const next = rows ? withRows(found, rows) : found;
        rowsAreEnough = next !== null;
        show(next);
      } else if (rows) {
        rowsAreEnough = answer.ok;
      }
    } catch {
      sayWaiting();
    } finally {
      fetching = false;
    }
    setTimeout(renewIfBehind, AGAIN_AFTER);
  }

  // What the page shows, with the rows of some clients as they are in `part`, and with what is said of these above them.
  // Null where one who was asked for, at `address`, is not in it.
  function withRows(part, address) {
    const next = main.cloneNode(true);
    const marks = JSON.parse(part.dataset.state);
    const at = (id, place = next) => place.querySelector(`[id="${id}"]`);
    const by = {};
    for (const client of new URL(address, location).searchParams.getAll("only")) {
      const [old, row] = [at(`client-${client}`), at(`client-${client}`, part)];
      if (!old || !row) return null;
      for (const one of row.dataset.among.split(" ")) by[one] = (by[one] ?? 0) + 1;
      for (const one of old.dataset.among.split(" ")) by[one] = (by[one] ?? 0) - 1;
      old.replaceWith(row);
      at(`new-risk-${client}`)?.remove();
    }
    at("new-risks").prepend(...at("new-risks", part).children);
    if (at("order", part).childElementCount) at("order").replaceWith(at("order", part));
    for (const link of next.querySelectorAll(".pills a")) {
      const by_ = by[new URL(link.href).searchParams.get("show") ?? "all"];
      if (by_) link.textContent = link.textContent.replace(/\d[\d.,'’\s]*\d|\d/, (n) => (Number(n.replace(/\D/g, "")) + by_).toLocaleString(language));
    }
    next.dataset.state = JSON.stringify({ ...JSON.parse(main.dataset.state), ...marks });
    return next;
  }

  // `next` is the new content; also called by forms.js, with what a form was answered.
  function show(next) {
    if (!next) return;
    const focused = document.activeElement;
    const anchor = whatStays();
    samePage = next.dataset.fragment === main.dataset.fragment;
    const before = anchor?.getBoundingClientRect().top;
    // What is inside the element with the focus is left alone: right for a field, and never for the whole page, which
    // has the focus once somebody has clicked beside everything or skipped to its content.
    Idiomorph.morph(main, next, { ...KEEPING, ignoreActiveValue: focused?.matches("input, textarea") ?? false });
    main = document.getElementById("main");
    if (toFollow() !== followed) listen();
    htmx.process(main); // forms that are new are carried out in place as well
    if (anchor?.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - before);
    if (focused && !focused.isConnected) main.focus({ preventScroll: true });
    shownAt = new Date();
    sayAgo();
  }

  // What is pointed at, being used or read stays where it is; at the top of the page, what is new comes into view.
  function whatStays() {
    const pointedAt = main.querySelector("[data-stays]:hover");
    if (pointedAt) return pointedAt;
    if (window.scrollY < 8) return null;
    const inView = (element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > 60 && top < window.innerHeight;
    };
    const used = document.activeElement;
    if (used !== main && main.contains(used) && inView(used)) return used;
    return [...main.querySelectorAll("[id]")].find(inView);
  }

  // Leaves in place whatever is in both: focus, selection, opened parts and what is being typed survive.
  const KEEPING = {
    morphStyle: "outerHTML",
    callbacks: {
      beforeAttributeUpdated: (name, element, change) => {
        if (name === "open") return change !== "remove"; // opened by the reader
        // Somebody typed it; what cannot be typed in, as a button, has no default.
        if (name === "value" && element.defaultValue !== undefined) return element.value === element.defaultValue;
        return true;
      },
      // A form in which somebody typed stays as it is, with what it was made on: so that what is saved is their own
      // change and not also the opposite of what came meanwhile.
      beforeNodeMorphed: (old, next) => {
        if (old.tagName !== "FORM" || next.tagName !== "FORM" || !isDirty(old)) return true;
        const base = (form) => new FormData(form).getAll("based_on").join();
        if (base(old) !== base(next)) sayIn(old, words.changed, "notice-note");
        return false;
      },
      // What somebody else removed stays as long as somebody types in it: so that it can be copied.
      beforeNodeRemoved: (node) => {
        const forms = node.tagName === "FORM" ? [node] : [...(node.querySelectorAll?.("form") ?? [])];
        const typed = samePage ? forms.filter(isDirty) : [];
        for (const form of typed) sayIn(form, words.removed, "notice-note");
        return typed.length === 0;
      },
      afterNodeAdded: (node) => {
        if (node.id) node.classList.add("came");
      },
    },
  };

  // --- forms, as far as they concern what is shown

  function isDirty(form) {
    return [...form.elements].some((control) => {
      if (control.type === "hidden" || control.type === "submit") return false;
      if (control.type === "file") return control.files.length > 0;
      if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
      if (control.tagName === "SELECT") return control.value !== ([...control.options].find((one) => one.defaultSelected) ?? control.options[0])?.value;
      return control.defaultValue !== undefined && control.value !== control.defaultValue;
    });
  }

  function sayIn(form, text, kind) {
    const place = form.querySelector(".sheet-said");
    if (!place) return;
    const notice = document.createElement("p");
    notice.className = `notice ${kind}`;
    notice.textContent = text;
    place.replaceChildren(notice);
  }

  // --- how long ago, by the steps of phrases.py

  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });

  function ago(at) {
    const seconds = (Date.now() - at) / 1000;
    const size = Math.abs(seconds);
    if (size < 60) return words.now;
    let length, unit;
    if (size < 3600) [length, unit] = [60, "minute"];
    else if (size < 86400) [length, unit] = [3600, "hour"];
    else if (size < 60 * 86400) [length, unit] = [86400, "day"];
    else if (size < 730 * 86400) [length, unit] = [30 * 86400, "month"];
    else [length, unit] = [365 * 86400, "year"];
    const number = Math.floor(size / length);
    return relative.format(seconds > 0 ? -number : number, unit);
  }

  function sayAgo() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const words = ago(Date.parse(time.dateTime));
      if (time.textContent !== words) time.textContent = words;
    }
  }

  if (live && main?.dataset.fragment) {
    say("waiting", words.connecting);
    listen();
    setInterval(sayAgo, AGO_EVERY);
    addEventListener("focus", sayAgo);
    document.addEventListener("visibilitychange", renewIfBehind);
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => {
      if (event.persisted) leave(); // taken out of the browser's memory: whether it may be shown is asked anew
    });
  }

  window.Intersession = { words, show, leave, isLeaving: () => leaving, isDirty, sayIn };
})();
