// The code of a pairing link stands after the #, which browsers do not send: it is shown, and goes on to the app's link.
"use strict";

const code = /^#([0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){1,5})$/.exec(location.hash)?.[1];
if (code) {
  for (const link of document.querySelectorAll("[data-takes-code]")) link.hash = code;
  for (const shown of document.querySelectorAll("[data-code-shown]")) {
    shown.querySelector(".code").textContent = code;
    shown.hidden = false;
  }
}
