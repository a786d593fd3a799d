/** One phone: its chats, what they show, and what its owner does. */

import { post } from "./api.js";
import { excerpt } from "./bubbles.js";
import { Composer } from "./composer.js";
import { h, icon, iconButton, narrow } from "./dom.js";
import { clock, initials } from "./format.js";
import { Log } from "./log.js";
import { openMenu } from "./menus.js";
import { announce, complain } from "./notices.js";
import { Overlay } from "./overlay.js";
import { phoneMenu } from "./phonemenu.js";
import { directionOf, tagOf, wordsFor } from "./words.js";

/** @typedef {import("./store.js").Message} Message */

const TYPING = 5000;
const QUICK = ["👍", "❤", "🙏", "🎉", "😢", "👎"];

export class Phone {
  /**
   * @param {import("./store.js").Store} store
   * @param {number} id of the person
   * @param {() => boolean} isShown
   * @param {() => void} changed called when what is unread changes
   */
  constructor(store, id, isShown, changed) {
    Object.assign(this, { store, id, isShown, changed });
    this.unread = new Map();
    this.chat = this.#firstChat();
    this.log = new Log(store, () => this.#setting(), `Messages on the phone of ${this.person.name}`);
    this.overlay = new Overlay();
    this.composer = new Composer({
      person: () => this.person,
      chat: () => this.chat,
      isPrivate: () => this.chat === this.id,
      words: () => this.words,
      botName: () => store.bot.username,
    });
    this.#build();
    this.refresh();
    this.open(this.chat);
  }

  get person() {
    return this.store.people.get(this.id);
  }

  get words() {
    return wordsFor(this.person.language);
  }

  /** How many messages wait in chats that are not open. */
  get waiting() {
    return [...this.unread.values()].reduce((sum, count) => sum + count, 0);
  }

  #firstChat() {
    const groups = this.store.chatsOf(this.person).filter((chat) => chat.group);
    const theirs = this.person.role === "engineer" ? groups.at(-1) : groups[0];
    return ["butler", "engineer"].includes(this.person.role) && theirs ? theirs.id : this.id;
  }

  #build() {
    const { person } = this;
    this.avatar = h("span", { class: `avatar tint-${this.id % 7}`, "aria-hidden": "true" }, initials(person.name));
    this.name = h("b", { class: "name", dir: "auto" });
    this.role = h("span", { class: "role" });
    this.enlarge = iconButton("wide", "Enlarge this phone", () => this.#enlarge(), { "aria-pressed": "false" });
    this.menu = iconButton("dots", `What else ${person.name} can do`, (event) =>
      openMenu(event.currentTarget, phoneMenu(this), { label: "Phone" }),
    );
    this.caption = h(
      "header",
      { class: "caption" },
      this.avatar,
      h("p", {}, this.name, this.role),
      this.enlarge,
      this.menu,
    );
    this.time = h("span", { class: "time" });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": `Chats of ${person.name}` });
    this.tabs.addEventListener("keydown", (event) => this.#steerTabs(event));
    const status = h(
      "div",
      { class: "status", "aria-hidden": "true" },
      this.time,
      h("span", { class: "signal" }, h("i"), h("i"), h("i"), h("i", { class: "battery" })),
    );
    this.screen = h("div", { class: "screen", role: "tabpanel" }, this.log.element, this.overlay.element);
    const frame = h("div", { class: "frame" }, status, this.tabs, this.screen, this.composer.element);
    this.element = h(
      "section",
      { class: "phone", "aria-label": `Phone of ${person.name}`, data: { person: String(this.id), role: person.role } },
      this.caption,
      frame,
    );
    this.frame = frame;
  }

  /** The person, their groups or the bot's commands changed. */
  refresh() {
    const { person } = this;
    this.name.textContent = person.name;
    this.role.textContent = person.title;
    this.frame.lang = tagOf(person.language);
    this.frame.dir = directionOf(person.language);
    if (!this.store.chatsOf(person).some((chat) => chat.id === this.chat)) this.open(this.id);
    else this.#drawTabs();
    this.composer.refresh();
    this.tick();
  }

  /** @param {number} chat to show */
  open(chat) {
    this.chat = chat;
    this.unread.delete(chat);
    this.composer.answer(null);
    this.composer.refresh();
    this.log.show(chat);
    this.#showKeys();
    this.#drawTabs();
    this.changed();
  }

  /** The phone comes into view. */
  seen() {
    this.unread.delete(this.chat);
    this.#drawTabs();
    this.log.toEnd(false);
    this.changed();
  }

  tick() {
    this.time.textContent = clock(this.store.now(), this.store.status.zone);
  }

  /**
   * @param {{message: Message, isNew: boolean, wasEdited: boolean}} news
   */
  hear({ message, isNew, wasEdited }) {
    if (!this.#sees(message.chat)) return;
    const isOpen = message.chat === this.chat;
    if (isOpen) {
      if (message.from.bot) this.#setTyping(false);
      this.log.put(message, wasEdited);
      this.#showKeys();
    }
    if (isNew && message.from.id !== this.id && !message.service && !(isOpen && this.isShown())) {
      this.unread.set(message.chat, (this.unread.get(message.chat) ?? 0) + 1);
      if (!isOpen) this.#banner(message);
      this.#drawTabs();
      this.changed();
    }
    if (isNew && message.from.bot && this.isShown() && message.chat === this.id)
      announce(`${this.person.name}: ${excerpt(message, this.words)}`);
  }

  /** @param {{chat: number, id: number}} gone */
  forget({ chat, id }) {
    if (chat === this.chat) this.log.remove(id);
  }

  /** @param {number} chat in which the bot writes */
  typing(chat) {
    if (chat === this.chat) this.#setTyping(true);
  }

  /** A tap of this phone's owner went out, or was answered. @param {import("./store.js").Tap} tap */
  drawTap(tap) {
    const item = this.log.element.querySelector(`[data-id="${tap.message}"]`);
    for (const key of item?.querySelectorAll(".key") ?? []) {
      if (key.dataset.data === tap.data)
        key.setAttribute("aria-busy", String(this.#isBusy(tap.chat, tap.message, tap.data)));
    }
  }

  /** @param {string} text @param {boolean} alert */
  popUp(text, alert) {
    if (alert) this.overlay.alert(text);
    else this.overlay.toast(text);
    announce(`${this.person.name}: ${text}`);
  }

  #sees(chat) {
    return chat === this.id || Boolean(this.store.groups.get(chat)?.members.includes(this.id));
  }

  #setting() {
    const inGroup = this.chat !== this.id;
    return {
      me: this.id,
      inGroup,
      zone: this.store.status.zone,
      words: this.words,
      language: tagOf(this.person.language),
      tap: (message, data, button) => this.#tap(message, data, button),
      copy: (text) => this.#copy(text),
      command: (text) =>
        void this.composer.write(inGroup && !text.includes("@") ? `${text}@${this.store.bot.username}` : text),
      act: (message, anchor) => this.#actions(message, anchor),
      react: (message, emoji) => this.#react(message, emoji),
      busy: (message, data) => this.#isBusy(message.chat, message.id, data),
    };
  }

  #isBusy(chat, message, data) {
    return [...this.store.taps.values()].some(
      (tap) => tap.person === this.id && tap.chat === chat && tap.message === message && tap.data === data,
    );
  }

  #tap(message, data, button) {
    button.setAttribute("aria-busy", "true");
    post("tap", { person: this.id, chat: message.chat, message: message.id, data }).catch((error) => {
      button.setAttribute("aria-busy", "false");
      complain(error);
    });
  }

  #copy(text) {
    navigator.clipboard.writeText(text).then(() => this.popUp(this.words.copied(text), false), complain);
  }

  #actions(message, anchor) {
    const about = { person: this.id, chat: message.chat, message: message.id };
    const own = message.from.id === this.id;
    const items = [{ label: "Reply", icon: "reply", act: () => this.composer.answer(message) }];
    if (own && message.text) items.push({ label: "Edit", icon: "edit", act: () => this.composer.change(message) });
    if (own || message.chat === this.id)
      items.push({
        label: "Delete",
        icon: "trash",
        danger: true,
        act: () => void post("delete", about).catch(complain),
      });
    openMenu(anchor, items, { label: "Message", emoji: { all: QUICK, act: (emoji) => this.#react(message, emoji) } });
  }

  #react(message, emoji) {
    post("react", { person: this.id, chat: message.chat, message: message.id, emoji }).catch(complain);
  }

  #showKeys() {
    const messages = [...this.store.messages(this.chat).values()];
    const latest = messages.reverse().find((message) => message.from.bot && !message.service);
    this.composer.showKeys(latest?.keys ?? []);
  }

  #banner(message) {
    const chat = this.store.chatsOf(this.person).find((one) => one.id === message.chat);
    this.overlay.banner(chat?.title ?? "", excerpt(message, this.words), () => this.open(message.chat));
  }

  #enlarge() {
    const wide = this.element.classList.toggle("wide");
    this.enlarge.setAttribute("aria-pressed", String(wide));
    this.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.log.toEnd(false);
  }

  #setTyping(on) {
    clearTimeout(this.typingTimer);
    this.isTyping = on;
    if (on) this.typingTimer = setTimeout(() => this.#setTyping(false), TYPING);
    this.#drawTabs();
  }

  #drawTabs() {
    const focused = this.tabs.contains(document.activeElement);
    const chats = this.store.chatsOf(this.person);
    this.tabs.replaceChildren(...chats.map((chat) => this.#tab(chat)));
    if (focused) this.tabs.querySelector("[aria-selected=true]")?.focus();
  }

  #tab(chat) {
    const selected = chat.id === this.chat;
    const unread = this.unread.get(chat.id) ?? 0;
    const still = chat.group ? this.words.members(chat.group.members.length) : this.words.bot;
    const below = selected && this.isTyping ? this.words.typing : still;
    const badge = unread ? h("span", { class: "unread" }, String(unread)) : null;
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(selected),
        tabindex: selected ? "0" : "-1",
        title: chat.title,
        "aria-label": `${chat.title}, ${below}${unread ? `, ${unread} unread` : ""}`,
        data: { chat: String(chat.id) },
        on: { click: () => this.open(chat.id) },
      },
      h("span", { class: chat.group ? "face group" : "face" }, chat.group ? initials(chat.title) : icon("bell")),
      h(
        "span",
        { class: "label" },
        h("b", { dir: "auto" }, chat.title),
        h("small", { class: selected && this.isTyping ? "typing" : null }, below),
      ),
      badge,
    );
  }

  #steerTabs(event) {
    const all = [...this.tabs.querySelectorAll("[role=tab]")];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    this.open(Number(next.dataset.chat));
    this.tabs.querySelector("[aria-selected=true]")?.focus();
  }
}
