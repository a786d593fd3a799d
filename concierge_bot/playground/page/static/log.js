/** The messages of the chat that a phone shows, kept in step with the news. */

import { bubble, keyOf } from "./bubbles.js";
import { calm, h } from "./dom.js";
import { day, dayKey } from "./format.js";

/** @typedef {import("./store.js").Message} Message */

const NEAR = 120;

export class Log {
  /**
   * @param {import("./store.js").Store} store
   * @param {() => import("./bubbles.js").Setting} setting
   * @param {string} label
   */
  constructor(store, setting, label) {
    this.store = store;
    this.setting = setting;
    this.chat = 0;
    this.element = h("ol", { class: "log", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" });
    this.element.addEventListener("keydown", (event) => this.#steer(event));
    this.element.addEventListener(
      "load",
      (event) => event.target instanceof HTMLImageElement && this.#followed && this.toEnd(false),
      true,
    );
    this.element.addEventListener("scroll", () => (this.#followed = this.#nearEnd()));
  }

  #followed = true;

  /** @param {number} chat */
  show(chat) {
    this.chat = chat;
    this.element.replaceChildren();
    for (const parts of this.#groups()) this.#append(parts);
    if (!this.element.childElementCount) this.element.append(h("li", { class: "empty" }, this.setting().words.empty));
    this.toEnd(false);
  }

  /**
   * A message is new, or has changed.
   * @param {Message} message
   * @param {boolean} wasEdited
   */
  put(message, wasEdited) {
    const follow = this.#followed || message.from.id === this.setting().me;
    const old = this.element.querySelector(`[data-key="${keyOf(message)}"]`);
    const parts = this.#parts(message);
    if (old) this.#replace(old, parts, wasEdited);
    else {
      this.element.querySelector(".empty")?.remove();
      this.#append(parts).classList.add("fresh");
    }
    if (follow) this.toEnd(true);
  }

  /** @param {number} id */
  remove(id) {
    const item = this.element.querySelector(`[data-id="${id}"]`);
    const before = item?.previousElementSibling;
    item?.remove();
    if (
      before?.classList.contains("day") &&
      (!before.nextElementSibling || before.nextElementSibling.classList.contains("day"))
    )
      before.remove();
  }

  /** @param {boolean} smooth */
  toEnd(smooth) {
    this.#followed = true;
    const behavior = smooth && !calm.matches ? "smooth" : "instant";
    this.element.scrollTo({ top: this.element.scrollHeight, behavior });
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #parts(message) {
    if (!message.album) return [message];
    return [...this.store.messages(this.chat).values()].filter((other) => other.album === message.album);
  }

  #groups() {
    const groups = new Map();
    for (const message of this.store.messages(this.chat).values()) {
      const key = keyOf(message);
      groups.set(key, [...(groups.get(key) ?? []), message]);
    }
    return groups.values();
  }

  #append(parts) {
    const setting = this.setting();
    const item = bubble(parts, setting);
    const date = new Date(parts[0].date * 1000);
    item.dataset.day = dayKey(date, setting.zone);
    const before = this.element.lastElementChild;
    if (before?.dataset.day !== item.dataset.day) {
      this.element.append(
        h(
          "li",
          { class: "day", data: { day: item.dataset.day } },
          h("span", {}, day(date, setting.zone, setting.language)),
        ),
      );
    } else if (before.dataset.from && before.dataset.from === item.dataset.from) item.classList.add("follows");
    this.element.append(item);
    return item;
  }

  #replace(old, parts, wasEdited) {
    const item = bubble(parts, this.setting());
    item.dataset.day = old.dataset.day;
    if (old.classList.contains("follows")) item.classList.add("follows");
    if (wasEdited) item.classList.add("changed");
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(item);
    if (focused === old) item.focus({ preventScroll: true });
    else if (focused) refocus(item, focused);
  }

  /** Arrows go from message to message; Enter opens what can be done with one. */
  #steer(event) {
    const items = [...this.element.querySelectorAll(".item[tabindex]")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "ArrowUp" && (at > 0 || (at < 0 && event.target === this.element)))
      go(event, items[at < 0 ? items.length - 1 : at - 1]);
    else if (event.key === "ArrowDown" && at >= 0) go(event, items[at + 1] ?? this.element);
    else if (event.key === "Enter" && at >= 0) go(event, null, () => items[at].querySelector(".more")?.click());
  }
}

function go(event, element, act = () => element?.focus()) {
  event.preventDefault();
  act();
}

/** The button that had the focus may have gone with the edit: then the message itself gets it. */
function refocus(item, focused) {
  const data = focused.dataset?.data;
  const same = data && [...item.querySelectorAll(".key")].find((key) => key.dataset.data === data);
  (same || item.querySelector(".key") || item).focus({ preventScroll: true });
}
