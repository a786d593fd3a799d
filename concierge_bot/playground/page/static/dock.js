/** Behind the phones: the estate's clock, what can be broken, and the figures that show that nothing gets lost. */

import { post } from "./api.js";
import { h, iconButton } from "./dom.js";
import { clock, day, span } from "./format.js";
import { complain } from "./notices.js";

const TURNS = [
  ["minutes", "+5 min"],
  ["hour", "+1 h"],
  ["day", "+1 day"],
  ["morning", "Next morning"],
];
const FAULTS = [
  ["down", "Telegram is down", "Every connection to Telegram is cut"],
  ["slow", "Slow", "Every answer comes two seconds late"],
  ["busy", "Answers 429", "“Too many requests: retry after 3”, three times in five"],
  ["deaf", "Drops answers", "The work is done, but every second answer is lost"],
];
const BOT = { running: "on duty", starting: "starting…", stopped: "stopped" };

export class Dock {
  /**
   * @param {import("./store.js").Store} store
   * @param {HTMLElement} place
   */
  constructor(store, place) {
    this.store = store;
    this.place = place;
    this.time = h("span", { class: "big-time" });
    this.date = h("span", { class: "date" });
    this.next = h(
      "button",
      {
        type: "button",
        class: "primary next",
        data: { turn: "next" },
        on: { click: () => act("turn", { how: "next" }) },
      },
      "To the next timer",
    );
    this.what = h("p", { class: "what" });
    this.faults = FAULTS.map(([kind, label, hint]) => this.#fault(kind, label, hint));
    this.lamp = h("span", { class: "lamp", role: "status" });
    this.power = h("button", { type: "button", class: "power", on: { click: () => this.#power() } });
    this.again = h(
      "button",
      {
        type: "button",
        data: { act: "redeliver" },
        title: "Telegram hands out the last update a second time: it must change nothing",
        on: { click: () => act("redeliver") },
      },
      "Redeliver the last update",
    );
    this.figures = h("dl", { class: "figures" });
    place.append(
      this.#clock(),
      this.#breakIt(),
      this.#lost(),
      iconButton("close", "Close", () => place.classList.remove("open"), { class: "icon-button shut" }),
    );
  }

  #clock() {
    const turns = TURNS.map(([how, label]) =>
      h("button", { type: "button", data: { turn: how }, on: { click: () => act("turn", { how }) } }, label),
    );
    return panel(
      "clock-panel",
      "The estate’s clock",
      h("div", { class: "now" }, this.time, this.date),
      h("div", { class: "buttons" }, turns),
      h("div", { class: "to-next" }, this.next, this.what),
    );
  }

  #breakIt() {
    return panel(
      "break-panel",
      "Break it",
      h("div", { class: "buttons" }, this.faults),
      h("div", { class: "buttons" }, this.lamp, this.power, this.again),
    );
  }

  #lost() {
    return panel("figures-panel", "Nothing gets lost", this.figures);
  }

  #fault(kind, label, hint) {
    const flip = (event) => act("fault", { kind, broken: event.currentTarget.getAttribute("aria-pressed") !== "true" });
    return h(
      "button",
      {
        type: "button",
        class: "fault",
        "aria-pressed": "false",
        title: hint,
        data: { fault: kind },
        on: { click: flip },
      },
      label,
    );
  }

  #power() {
    act("bot", { running: this.store.status.bot === "stopped" });
  }

  /** The status changed. */
  refresh() {
    const { status } = this.store;
    for (const button of this.faults)
      button.setAttribute("aria-pressed", String(status.faults.includes(button.dataset.fault)));
    this.place.dataset.bot = status.bot;
    this.lamp.dataset.state = status.bot;
    this.lamp.textContent = `Bot ${BOT[status.bot]}`;
    this.power.textContent = status.bot === "stopped" ? "Start the bot" : "Kill the bot (−9)";
    this.power.disabled = status.bot === "starting";
    this.power.dataset.act = status.bot === "stopped" ? "start" : "kill";
    this.next.disabled = !status.next;
    this.#drawFigures(status);
    this.tick();
  }

  /** A second passed. */
  tick() {
    const { status } = this.store;
    const now = this.store.now();
    this.time.textContent = clock(now, status.zone);
    this.date.textContent = `${day(now, status.zone)} · ${status.zone.split("/").at(-1).replace("_", " ")}`;
    this.what.textContent = status.next
      ? `${status.next.what}, in ${span(status.next.at - now.getTime() / 1000)}`
      : "No timer is set.";
  }

  #drawFigures({ counters, updates }) {
    const atTelegram = {
      key: "updates",
      label: "Waiting at Telegram",
      value: updates,
      detail: "updates not yet taken",
      alarm: false,
    };
    const all = [...counters, atTelegram];
    const known = new Map([...this.figures.children].map((child) => [child.dataset.figure, child]));
    for (const figure of all) draw(figure, known.get(figure.key) ?? this.#newFigure(figure));
  }

  #newFigure({ key, label }) {
    const cell = h("div", { data: { figure: key } }, h("dt", {}, label), h("dd", {}, h("b", {}), h("small", {})));
    this.figures.append(cell);
    return cell;
  }
}

function draw({ value, detail, alarm }, cell) {
  const number = cell.querySelector("b");
  if (number.textContent !== String(value)) {
    number.textContent = String(value);
    cell.classList.remove("moved");
    requestAnimationFrame(() => cell.classList.add("moved"));
  }
  cell.querySelector("small").textContent = detail;
  cell.classList.toggle("alarm", alarm);
}

function panel(name, title, ...children) {
  return h("section", { class: `panel ${name}`, "aria-label": title }, h("h2", {}, title), children);
}

function act(gesture, values = {}) {
  post(gesture, values).catch(complain);
}
