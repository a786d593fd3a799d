/** Where somebody writes: words, commands, files. */

import { post, postFiles } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { openMenu } from "./menus.js";
import { complain } from "./notices.js";

const TALLEST = 96;

/**
 * @typedef {{person: () => import("./store.js").Person, chat: () => number, isPrivate: () => boolean,
 *   words: () => any, botName: () => string}} Whose
 */

export class Composer {
  /** @param {Whose} whose */
  constructor(whose) {
    this.whose = whose;
    /** @type {import("./store.js").Message | null} */
    this.reply = null;
    /** @type {import("./store.js").Message | null} */
    this.edited = null;
    this.input = h("textarea", { rows: "1", class: "input", dir: "auto", maxlength: "4096" });
    this.input.addEventListener("keydown", (event) => this.#typed(event));
    this.input.addEventListener("input", () => this.#grow());
    this.input.addEventListener("paste", (event) => this.#pasted(event));
    this.files = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => this.#picked() } });
    this.attach = iconButton("clip", "", (event) => this.#attach(event.currentTarget));
    this.commands = iconButton("slash", "", (event) => this.#offer(event.currentTarget));
    this.send = h("button", { type: "submit", class: "send" }, icon("send"));
    this.context = h("div", { class: "context", hidden: true });
    this.keys = h("div", { class: "reply-keys", hidden: true });
    this.bar = h("div", { class: "bar" }, this.attach, this.input, this.commands, this.send);
    this.big = h("button", { type: "button", class: "big", hidden: true, on: { click: () => this.#big() } });
    this.element = h(
      "form",
      { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.context,
      this.keys,
      this.bar,
      this.big,
      this.files,
    );
  }

  /** The person, the chat or their standing changed. */
  refresh() {
    const words = this.whose.words();
    const person = this.whose.person();
    const shut = this.whose.isPrivate() && (person.blocked || !person.started);
    this.bar.hidden = shut;
    this.big.hidden = !shut;
    this.big.textContent = person.blocked ? words.unblock : words.start;
    this.big.dataset.act = person.blocked ? "unblock" : "start";
    this.input.placeholder = words.write;
    this.input.setAttribute("aria-label", `${words.write}: ${person.name}`);
    for (const [button, label] of [
      [this.attach, words.attach],
      [this.commands, words.commands],
      [this.send, words.send],
    ]) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }

  /** @param {import("./store.js").Message | null} message whose answer is written */
  answer(message) {
    this.reply = message;
    this.edited = null;
    this.#showContext();
    if (message) this.input.focus();
  }

  /** @param {import("./store.js").Message} message own, to be changed */
  change(message) {
    this.edited = message;
    this.reply = null;
    this.input.value = message.text;
    this.#showContext();
    this.#grow();
    this.input.focus();
  }

  /** @param {string[][]} rows of a keyboard in place of the letters */
  showKeys(rows) {
    this.keys.hidden = !rows.length;
    const key = (text) => h("button", { type: "button", on: { click: () => this.write(text) } }, text);
    this.keys.replaceChildren(...rows.map((row) => h("div", { class: "row" }, row.map(key))));
  }

  /** @param {string} text */
  async write(text) {
    const { reply, edited } = this;
    const who = { person: this.whose.person().id, chat: this.whose.chat() };
    this.answer(null);
    try {
      if (edited) await post("edit", { ...who, message: edited.id, text });
      else await post("write", { ...who, text, reply: reply?.id ?? null });
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    this.#grow();
    if (!(await this.write(text)) && !this.input.value) this.input.value = text;
  }

  #typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.element.requestSubmit();
    } else if (event.key === "Escape" && (this.reply || this.edited)) this.#drop();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  #drop() {
    if (this.edited) this.input.value = "";
    this.answer(null);
    this.#grow();
  }

  #showContext() {
    const about = this.reply ?? this.edited;
    this.context.hidden = !about;
    if (!about) return;
    const text = h("span", { dir: "auto" }, about.text || this.whose.words()[about.media?.kind] || "…");
    const close = iconButton("close", "Cancel", () => this.#drop());
    this.context.replaceChildren(
      icon(this.reply ? "reply" : "edit"),
      h("p", {}, h("b", {}, about.from.name), text),
      close,
    );
  }

  #attach(anchor) {
    const items = [
      { label: "Photos or files from disk…", icon: "photo", act: () => this.files.click() },
      { label: "A photo of a dripping tap", icon: "photo", act: () => this.#sample("photo") },
      { label: "A voice message", icon: "mic", act: () => this.#sample("voice") },
      { label: "A place", icon: "pin", act: () => this.#sample("location") },
    ];
    openMenu(anchor, items, { label: "Attach" });
  }

  #offer(anchor) {
    const { commands } = this.whose.person();
    const listed = this.whose.isPrivate() ? commands.private : (commands.groups[this.whose.chat()] ?? []);
    const suffix = this.whose.isPrivate() ? "" : `@${this.whose.botName()}`;
    const items = listed.map(({ command, description }) => ({
      label: `/${command}`,
      hint: description,
      act: () => void this.write(`/${command}${suffix}`),
    }));
    openMenu(anchor, items, { label: "Commands" });
  }

  #sample(kind) {
    post("sample", { person: this.whose.person().id, chat: this.whose.chat(), kind }).catch(complain);
  }

  #picked() {
    this.#upload([...this.files.files]);
    this.files.value = "";
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#upload(files);
  }

  /** @param {File[]} files */
  #upload(files) {
    if (!files.length) return;
    const form = new FormData();
    form.append("person", String(this.whose.person().id));
    form.append("chat", String(this.whose.chat()));
    form.append("caption", this.input.value.trim());
    for (const file of files) form.append("file", file, file.name);
    this.input.value = "";
    this.#grow();
    postFiles(form).catch(complain);
  }

  #big() {
    const person = this.whose.person();
    const done = person.blocked
      ? post("block", { person: person.id, blocked: false })
      : post("start", { person: person.id, code: person.code ?? "" });
    done.catch(complain);
  }
}
