/** What lies over a phone's screen: the toast and the alert that answer a tap, and the banner of another chat. */

import { h } from "./dom.js";

const TOAST = 4500;
const BANNER = 5000;

export class Overlay {
  constructor() {
    this.element = h("div", { class: "overlay" });
  }

  /** @param {string} text */
  toast(text) {
    this.#show(h("p", { class: "toast", dir: "auto" }, text), ".toast", TOAST);
  }

  /**
   * Stays until it is closed by hand.
   * @param {string} text
   */
  alert(text) {
    const back = document.activeElement;
    const close = () => {
      box.remove();
      if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
    };
    const ok = h("button", { type: "button", on: { click: close } }, "OK");
    const box = h(
      "div",
      { class: "alert", role: "alertdialog", "aria-label": text },
      h("div", {}, h("p", { dir: "auto" }, text), ok),
    );
    box.addEventListener("keydown", (event) => event.key === "Escape" && close());
    this.element.querySelector(".alert")?.remove();
    this.element.append(box);
    ok.focus({ preventScroll: true });
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {() => void} open
   */
  banner(title, text, open) {
    const act = () => {
      banner.remove();
      open();
    };
    const banner = h(
      "button",
      { type: "button", class: "banner", on: { click: act } },
      h("b", { dir: "auto" }, title),
      h("span", { dir: "auto" }, text),
    );
    this.#show(banner, ".banner", BANNER);
  }

  #show(element, kind, time) {
    this.element.querySelector(kind)?.remove();
    this.element.append(element);
    setTimeout(() => element.remove(), time);
  }
}
