// Keeps an open page in step with the server, and says honestly whether it is.
//
// The server sends marks: one per client, which change when something of theirs does. A page holds the mark of what it
// shows (data-state), and fetches its content again when the two differ. So it does not matter which message was lost.
"use strict";

(() => {
  const BEAT_WITHIN = 40_000; // the server says something every 15 s
  const AGAIN_AFTER = 1_000;
  const AGO_EVERY = 30_000;

  const live = document.getElementById("live");
  let main = document.getElementById("main");
  let source = null;
  let wanted = null; // the marks that the server sent last
  let fetching = false;
  let silence = 0;
  let shownAt = new Date();

  // --- what is said about it

  const clock = (at) => at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  function say(state, words) {
    const place = live.querySelector(".live-words");
    live.dataset.live = state;
    if (place.textContent !== words) place.textContent = words;
  }

  const sayLive = () => say("on", "Live updates on");
  const sayWaiting = () => say("waiting", `Live updates interrupted, reconnecting. Showing what was received by ${clock(shownAt)}`);

  // --- hearing

  function listen() {
    if (source) source.close();
    source = new EventSource("/events");
    source.addEventListener("state", (event) => {
      alive();
      wanted = event.data;
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

  function mark() {
    if (wanted === null) return null;
    const client = main.dataset.client;
    return client ? JSON.parse(wanted)[client] ?? "" : wanted;
  }

  async function renewIfBehind() {
    if (fetching || mark() === null || mark() === main.dataset.state) return;
    fetching = true;
    try {
      const answer = await fetch(main.dataset.fragment, { cache: "no-store" });
      if ([401, 403, 404].includes(answer.status)) return leave();
      if (answer.ok) show(await answer.text());
    } catch {
      sayWaiting();
    } finally {
      fetching = false;
    }
    setTimeout(renewIfBehind, AGAIN_AFTER);
  }

  function show(html) {
    const next = new DOMParser().parseFromString(html, "text/html").getElementById("main");
    if (!next) return;
    const focused = document.activeElement;
    const anchor = whatStays();
    const before = anchor?.getBoundingClientRect().top;
    Idiomorph.morph(main, next, KEEPING);
    main = document.getElementById("main");
    if (anchor?.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - before);
    if (focused && !focused.isConnected) main.focus({ preventScroll: true });
    shownAt = new Date();
    sayAgo();
  }

  // What is being used or read stays where it is; at the top of the page, what is new comes into view.
  function whatStays() {
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
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name, element, change) => {
        if (name === "open") return change !== "remove"; // opened by the reader
        if (name === "value") return element.value === element.defaultValue; // otherwise somebody typed it
        return true;
      },
      afterNodeAdded: (node) => {
        if (node.id) node.classList.add("came");
      },
    },
  };

  // --- how long ago, in the words of wording.py

  function ago(at) {
    const seconds = (Date.now() - at) / 1000;
    const size = Math.abs(seconds);
    const count = (unit, word) => {
      const number = Math.floor(size / unit);
      return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
    };
    let words;
    if (size < 60) return "just now";
    else if (size < 3600) words = count(60, "minute");
    else if (size < 86400) words = count(3600, "hour");
    else if (size < 60 * 86400) words = count(86400, "day");
    else if (size < 730 * 86400) words = count(30 * 86400, "month");
    else words = count(365 * 86400, "year");
    return seconds > 0 ? `${words} ago` : `in ${words}`;
  }

  function sayAgo() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const words = ago(Date.parse(time.dateTime));
      if (time.textContent !== words) time.textContent = words;
    }
  }

  if (live && main?.dataset.fragment) {
    say("waiting", "Connecting…");
    listen();
    setInterval(sayAgo, AGO_EVERY);
    addEventListener("focus", sayAgo);
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => {
      if (event.persisted) leave(); // taken out of the browser's memory: whether it may be shown is asked anew
    });
  }
})();
