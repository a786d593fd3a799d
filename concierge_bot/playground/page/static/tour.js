/** The guided tour: it clicks through the main job by itself, on the real page with the real bot. */

import { calm, h, icon, narrow, sleep } from "./dom.js";
import { complain } from "./notices.js";
import { SCENES } from "./scenes.js";

class Stopped extends Error {}

const PATIENCE = 20_000;
const LOOK = 80;
/** Milliseconds that a bot on a busy machine may take for a start, or for what fell due. */
const AT_WORK = 120_000;
const LETTER = 40;
const PACE = Number(new URLSearchParams(location.search).get("pace") ?? 1.35);

export class Tour {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.running = false;
    this.bar = h("i");
    this.count = h("span", { class: "count" });
    this.title = h("b", {});
    this.text = h("p", { "aria-live": "polite" });
    const skip = h("button", { type: "button", class: "plain", on: { click: () => this.stop() } }, "Skip the tour");
    this.card = h(
      "aside",
      { class: "coach", "aria-label": "Guided tour", hidden: true },
      h("div", { class: "progress" }, this.bar),
      h("header", {}, this.count, this.title, skip),
      this.text,
    );
    document.querySelector(".top")?.after(this.card);
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.running && this.stop());
  }

  toggle() {
    if (this.running) this.stop();
    else void this.run();
  }

  stop() {
    this.running = false;
    this.card.hidden = true;
    document.body.classList.remove("touring");
    this.spot();
  }

  async run() {
    this.running = true;
    this.card.hidden = false;
    document.body.classList.add("touring");
    document.getElementById("dock")?.classList.remove("open");
    try {
      for (const [index, scene] of SCENES.entries()) {
        this.#tell(scene, index);
        await scene.play(this);
      }
      this.stop();
    } catch (error) {
      const wanted = error instanceof Stopped;
      this.stop();
      if (!wanted) complain(error);
    }
  }

  #tell({ title, text }, index) {
    this.count.textContent = `${index + 1}/${SCENES.length}`;
    this.bar.style.inlineSize = `${((index + 1) / SCENES.length) * 100}%`;
    this.title.textContent = title;
    this.text.textContent = text;
  }

  /** The phones of a role, in order. @param {string} role */
  phones(role) {
    return [...this.page.phones.values()].filter((phone) => phone.person.role === role);
  }

  /** Light on these phones, shade on the others. @param {...any} phones */
  spot(...phones) {
    for (const phone of this.page.phones.values()) {
      phone.element.classList.toggle("lit", phones.includes(phone));
      phone.element.classList.toggle("dim", phones.length > 0 && !phones.includes(phone));
    }
    if (!phones.length) return;
    this.look(phones[0]);
    phones[0].element.scrollIntoView({
      block: "nearest",
      inline: "nearest",
      behavior: calm.matches ? "instant" : "smooth",
    });
  }

  /** Where there is room for one phone only, it is this one. */
  look(phone) {
    if (narrow.matches && this.page.current !== phone.id) this.page.show(phone.id);
  }

  /** Time to read and to look. @param {number} milliseconds */
  pause(milliseconds) {
    return this.wait(milliseconds * PACE);
  }

  /** @param {number} milliseconds */
  async wait(milliseconds) {
    await sleep(milliseconds);
    if (!this.running) throw new Stopped();
  }

  /**
   * @template T
   * @param {() => T} look
   * @param {string} what is waited for
   * @returns {Promise<NonNullable<T>>}
   */
  async until(look, what, patience = PATIENCE) {
    const found = await this.seen(look, patience);
    if (found) return found;
    throw new Error(`The tour waited in vain: ${what}. The bot may be busy, or something is broken.`);
  }

  /**
   * @template T
   * @param {() => T} look
   * @param {number} patience in milliseconds
   * @returns {Promise<T | null>}
   */
  async seen(look, patience) {
    for (let waited = 0; waited < patience; waited += LOOK) {
      const found = look();
      if (found) return found;
      await this.wait(LOOK);
    }
    return null;
  }

  /** Opens the private chat, or the last group, by its tab. */
  async open(phone, kind = "private") {
    this.look(phone);
    const chats = this.page.store.chatsOf(phone.person);
    const chat = kind === "private" ? chats[0] : (chats.find((one) => one.title === kind) ?? chats.at(-1));
    if (phone.chat !== chat.id) await this.press(phone.tabs.querySelector(`[data-chat="${chat.id}"]`));
  }

  /** The newest button whose data begin so. */
  key(phone, prefix) {
    return [...phone.log.element.querySelectorAll(".key")]
      .reverse()
      .find((key) => match(key.dataset.data ?? "", prefix));
  }

  /** Waits for a button and taps it. */
  async tap(phone, prefix) {
    const key = await this.until(
      () => this.key(phone, prefix),
      `a button ${prefix} on the phone of ${phone.person.name}`,
    );
    this.look(phone);
    key.scrollIntoView({ block: "nearest" });
    await this.press(key, () => this.key(phone, prefix));
  }

  /** Presses a button, so that it is seen. */
  async press(element, again = () => element) {
    element.classList.add("pressed");
    await this.pause(320);
    element.classList.remove("pressed");
    (again() ?? element).click();
  }

  /** Types letter by letter, and sends. */
  async type(phone, text) {
    this.look(phone);
    const { input, element } = phone.composer;
    for (const letter of calm.matches ? [text] : [...text]) {
      input.value += letter;
      await this.pause(LETTER);
    }
    input.dispatchEvent(new Event("input"));
    await this.pause(200);
    element.requestSubmit();
  }

  /**
   * Turns the clock, and waits until the bot has done all that fell due: a further turn would go past it.
   * @param {string} how
   */
  async turn(how) {
    const { store } = this.page;
    const { offset } = store.status;
    await this.dock(`[data-turn=${how}]`);
    await this.rests(() => store.status.offset !== offset);
  }

  /**
   * Waits until the bot is on duty and has done all that is due; what is broken must not hold the tour up for ever.
   * @param {() => boolean} since what the page must have heard of before its figures count
   */
  async rests(since = () => true) {
    const { store } = this.page;
    await this.seen(() => {
      const { bot, busy, updates } = store.status;
      return since() && bot === "running" && !busy && !updates;
    }, AT_WORK);
  }

  /** Presses a button of the dock. */
  async dock(selector) {
    const place = document.getElementById("dock");
    if (narrow.matches) place.classList.add("open");
    const button = await this.until(() => place.querySelector(`${selector}:not(:disabled)`), "a button of the dock");
    await this.press(button);
    await this.pause(500);
    place.classList.remove("open");
  }
}

const match = (data, prefix) => (prefix.startsWith("…") ? data.endsWith(prefix.slice(1)) : data.startsWith(prefix));
