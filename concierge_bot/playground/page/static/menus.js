/** A menu that opens beside a button, for mouse and keyboard. */

import { h, icon } from "./dom.js";

/**
 * @typedef {{label: string, icon?: any, act: () => void, danger?: boolean, hint?: string, checked?: boolean}} Item
 */

let closeOpen = () => {};

/**
 * @param {Element} anchor
 * @param {Item[]} items
 * @param {{label: string, emoji?: {all: string[], act: (emoji: string) => void}}} options
 */
export function openMenu(anchor, items, { label, emoji }) {
  closeOpen();
  const entries = items.map((item) => entry(item, () => close(false)));
  const quick = emoji?.all.map((one) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: "emoji",
        "aria-label": `React with ${one}`,
        on: {
          click: () => {
            close(true);
            emoji.act(one);
          },
        },
      },
      one,
    ),
  );
  const menu = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    quick && h("div", { class: "emojis", role: "none" }, quick),
    entries,
  );
  const back = document.activeElement;

  function close(giveBack) {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = () => {};
    if (giveBack && back instanceof HTMLElement && back.isConnected) back.focus();
  }
  function outside(event) {
    if (!menu.contains(event.target)) close(false);
  }
  menu.addEventListener("keydown", (event) => steer(event, menu, () => close(true)));
  document.addEventListener("pointerdown", outside, true);
  closeOpen = () => close(false);
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  menu.querySelector("button")?.focus();
}

function entry(item, close) {
  const act = () => {
    close();
    item.act();
  };
  return h(
    "button",
    { type: "button", role: "menuitem", class: item.danger ? "danger" : null, on: { click: act } },
    item.icon && icon(item.icon),
    h("span", { class: "label" }, item.label, item.hint && h("small", {}, item.hint)),
  );
}

function steer(event, menu, close) {
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
  } else if (event.key in steps) {
    event.preventDefault();
    all[(at + steps[event.key] + all.length) % all.length].focus();
  }
}

function place(menu, anchor) {
  const gap = 6;
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(Math.max(gap, anchor.right - width), innerWidth - width - gap);
  const below = anchor.bottom + gap;
  const isLow = anchor.top > innerHeight / 2;
  const top = isLow || below + height > innerHeight - gap ? Math.max(gap, anchor.top - height - gap) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
