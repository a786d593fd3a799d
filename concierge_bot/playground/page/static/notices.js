/** Short words of the page itself: what went wrong, and what happened on phones for those who do not see them. */

import { h } from "./dom.js";

const SHOWN = 5000;
const KEPT = 20;

/** @param {string} text */
export function notice(text) {
  const place = document.getElementById("notices");
  const element = h("p", { class: "notice" }, text);
  place?.append(element);
  setTimeout(() => element.remove(), SHOWN);
}

/** @param {unknown} error */
export const complain = (error) => notice(error instanceof Error ? error.message : String(error));

/** @param {string} text */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (!place) return;
  place.append(h("p", {}, text));
  while (place.childElementCount > KEPT) place.firstElementChild?.remove();
}
