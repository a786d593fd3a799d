/** The page: phones side by side, the dock below, news all the time. */

import { listen } from "./api.js";
import { Dock } from "./dock.js";
import { h, icon, narrow } from "./dom.js";
import { initials } from "./format.js";
import { announce, notice } from "./notices.js";
import { addPerson, invite } from "./people.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { dress, turnTheme } from "./theme.js";
import { Tour } from "./tour.js";

const LATE = 1500;

class Page {
  constructor() {
    this.store = new Store();
    /** @type {Map<number, Phone>} */
    this.phones = new Map();
    this.current = 0;
    this.place = at("phones");
    this.dock = new Dock(this.store, at("dock"));
    this.tour = new Tour(this);
    this.#drawTools();
    this.#follow();
    narrow.addEventListener("change", () => this.show(this.current));
    setInterval(() => this.#tick(), 1000);
    listen(
      (news) => this.store.hear(news),
      (connected) => this.#connected(connected),
    );
  }

  #drawTools() {
    const theme = tool("moon", "Light or dark", () => notice(`Colours: ${turnTheme()}`), "theme");
    this.tourButton = tool("play", "Guided tour", () => this.tour.toggle(), "tour");
    this.tourButton.classList.add("primary");
    const add = tool("plus", "Add a person", () => void this.#add(), "add");
    const ask = tool("link", "Invite", () => void invite(), "invite");
    const dock = tool("clock", "Clock and faults", () => this.#toggleDock(), "controls");
    at("tools").append(this.tourButton, add, ask, dock, theme);
  }

  #follow() {
    const on = (kind, hear) => this.store.addEventListener(kind, (event) => hear(event.detail));
    on("all", () => this.#rebuild());
    on("people", () => this.#people());
    on("message", (news) => this.#message(news));
    on("deleted", (news) => this.#each((phone) => phone.forget(news)));
    on("typing", ({ chat }) => this.#each((phone) => phone.typing(chat)));
    on("tap", ({ tap }) => this.phones.get(tap.person)?.drawTap(tap));
    on("answer", ({ tap, text, alert }) => {
      const phone = this.phones.get(tap.person);
      phone?.drawTap(tap);
      if (text) phone?.popUp(text, alert);
    });
    on("status", () => {
      this.dock.refresh();
      this.#tick();
    });
  }

  #message(news) {
    const { message, isNew } = news;
    const group = this.store.groups.get(message.chat);
    this.#each((phone) => phone.hear(news));
    if (group && isNew && !message.service && message.text)
      announce(`${group.title}: ${message.from.name}: ${message.text}`);
  }

  /** After a break the whole state comes: phones that are there already stay as they were. */
  #rebuild() {
    at("waiting")?.remove();
    this.#people();
    this.#each((phone) => phone.log.show(phone.chat));
    document.documentElement.dataset.ready = "true";
  }

  #people() {
    for (const id of this.store.people.keys()) {
      if (this.phones.has(id)) this.phones.get(id).refresh();
      else this.#newPhone(id);
    }
    if (!this.current) this.current = this.store.people.keys().next().value ?? 0;
    this.show(this.current);
  }

  #newPhone(id) {
    const isShown = () => !narrow.matches || this.current === id;
    const phone = new Phone(this.store, id, isShown, () => this.#drawSwitcher());
    this.phones.set(id, phone);
    this.place.append(phone.element);
    phone.log.toEnd(false);
  }

  /**
   * Shows a phone: where there is room for one only, in place of the others.
   * @param {number} id
   */
  show(id) {
    const moved = this.current !== id;
    this.current = id;
    this.#each((phone) => phone.element.classList.toggle("current", phone.id === id));
    if (moved && narrow.matches) this.phones.get(id)?.seen();
    this.#drawSwitcher();
  }

  #drawSwitcher() {
    const place = at("switcher");
    const focused = place.contains(document.activeElement);
    const chips = [...this.phones.values()].map((phone) => this.#chip(phone));
    place.replaceChildren(...chips);
    if (focused) place.querySelector("[aria-current=true]")?.focus();
  }

  #chip(phone) {
    const { person, waiting, id } = phone;
    const badge = waiting ? h("span", { class: "unread" }, String(waiting)) : null;
    const label = `Phone of ${person.name}${waiting ? `, ${waiting} unread` : ""}`;
    return h(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-current": String(id === this.current),
        "aria-label": label,
        on: { click: () => this.show(id) },
      },
      h("span", { class: `avatar tint-${id % 7}` }, initials(person.name)),
      h("span", { class: "label" }, person.name),
      badge,
    );
  }

  async #add() {
    const id = await addPerson();
    if (!id) return;
    await this.#until(() => this.phones.has(id));
    this.show(id);
    const phone = this.phones.get(id);
    phone?.element.scrollIntoView({ inline: "end", block: "nearest" });
    phone?.element.querySelector(".big, .input")?.focus();
  }

  async #until(condition) {
    for (let round = 0; round < 50 && !condition(); round += 1) await new Promise((next) => setTimeout(next, 100));
  }

  #toggleDock() {
    const open = at("dock").classList.toggle("open");
    if (open) at("dock").focus();
  }

  #connected(connected) {
    clearTimeout(this.late);
    const say = (text, state) =>
      Object.assign(at("connection"), { textContent: text }).setAttribute("data-state", state);
    if (connected) say("On this machine only", "on");
    else this.late = setTimeout(() => say("Reconnecting…", "off"), LATE);
  }

  #tick() {
    this.dock.tick();
    this.#each((phone) => phone.tick());
  }

  #each(act) {
    for (const phone of this.phones.values()) act(phone);
  }
}

function tool(drawing, label, click, name) {
  return h(
    "button",
    { type: "button", class: `tool ${name}`, "aria-label": label, title: label, on: { click } },
    icon(drawing),
    h("span", {}, label),
  );
}

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

dress();
new Page();
