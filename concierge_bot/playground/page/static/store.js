/** The page's copy of what is on the phones. It changes by news only. */

/**
 * @typedef {{id: number, name: string, language: string | null, role: string, title: string, started: boolean,
 *   blocked: boolean, code: string | null, commands: {private: Command[], groups: Record<string, Command[]>}}} Person
 * @typedef {{command: string, description: string}} Command
 * @typedef {{id: number, title: string, members: number[]}} Group
 * @typedef {{text: string, data: string | null, url: string | null, copied: string | null, disabled: boolean,
 *   style: "danger" | "success" | "primary" | null}} Button
 * @typedef {{type: string, offset: number, length: number, url?: string, unix_time?: number}} Entity
 * @typedef {{chat: number, id: number, from: {id: number, name: string, bot: boolean}, date: number,
 *   edited: number | null, text: string, entities: Entity[], media: any, album: string | null, reply: any,
 *   buttons: Button[][], keys: string[][], service: any, reactions: {emoji: string, by: number[]}[]}} Message
 * @typedef {{id: string, chat: number, message: number, person: number, data: string}} Tap
 */

const TAP_LIFETIME = 15_000;

export class Store extends EventTarget {
  /** @type {{id: number, name: string, username: string}} */
  bot = { id: 0, name: "", username: "" };
  /** @type {Map<number, Person>} */
  people = new Map();
  /** @type {Map<number, Group>} */
  groups = new Map();
  /** @type {Map<number, Map<number, Message>>} */
  chats = new Map();
  /** @type {any} */
  status = { offset: 0, zone: "UTC", bot: "stopped", next: null, counters: [], busy: false, faults: [], updates: 0 };
  /** @type {Map<string, Tap>} */
  taps = new Map();

  /** The estate's time. */
  now() {
    return new Date(Date.now() + this.status.offset * 1000);
  }

  /**
   * @param {number} chat
   * @returns {Map<number, Message>}
   */
  messages(chat) {
    let found = this.chats.get(chat);
    if (!found) this.chats.set(chat, (found = new Map()));
    return found;
  }

  /**
   * The chats on somebody's phone: the bot's first, then their groups.
   * @param {Person} person
   */
  chatsOf(person) {
    const groups = [...this.groups.values()].filter((group) => group.members.includes(person.id));
    return [
      { id: person.id, title: this.bot.name, group: null },
      ...groups.map((group) => ({ id: group.id, title: group.title, group })),
    ];
  }

  /** @param {any} news */
  hear(news) {
    const handlers = {
      all: () => this.#all(news),
      people: () => this.#people(news),
      message: () => this.#message(news.message),
      deleted: () => this.#deleted(news),
      tap: () => this.#tap(news),
      answer: () => this.#answer(news),
      typing: () => this.#tell("typing", { chat: news.chat }),
      status: () => this.#status(news.status),
    };
    handlers[news.type]?.();
  }

  #all(news) {
    this.bot = news.bot;
    this.chats.clear();
    for (const message of news.messages) this.messages(message.chat).set(message.id, message);
    this.status = news.status;
    this.#keep(news);
    this.#tell("all");
    this.#tell("status");
  }

  #people(news) {
    this.#keep(news);
    this.#tell("people");
  }

  #keep(news) {
    this.people = new Map(news.people.map((person) => [person.id, person]));
    this.groups = new Map(news.groups.map((group) => [group.id, group]));
  }

  #message(message) {
    const messages = this.messages(message.chat);
    const isNew = !messages.has(message.id);
    const wasEdited = !isNew && messages.get(message.id).edited !== message.edited;
    messages.set(message.id, message);
    this.#tell("message", { message, isNew, wasEdited });
  }

  #deleted({ chat, id }) {
    if (this.messages(chat).delete(id)) this.#tell("deleted", { chat, id });
  }

  #tap(tap) {
    this.taps.set(tap.id, tap);
    this.#tell("tap", { tap });
    setTimeout(() => this.#answer({ id: tap.id, text: null }), TAP_LIFETIME);
  }

  #answer({ id, text, alert }) {
    const tap = this.taps.get(id);
    if (!tap) return;
    this.taps.delete(id);
    this.#tell("answer", { tap, text, alert });
  }

  #status(status) {
    this.status = status;
    this.#tell("status");
  }

  #tell(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
