/** A message, or an album, as a bubble. */

import { h, iconButton } from "./dom.js";
import { clock } from "./format.js";
import { mediaNode } from "./media.js";
import { rich } from "./text.js";

/** @typedef {import("./store.js").Message} Message */

/**
 * What a bubble must know of the phone that it is on.
 * @typedef {{me: number, inGroup: boolean, zone: string, words: any, language: string,
 *   tap: (message: Message, data: string, button: HTMLElement) => void, copy: (text: string) => void,
 *   command: (text: string) => void,
 *   act: (message: Message, anchor: Element) => void, react: (message: Message, emoji: string) => void,
 *   busy: (message: Message, data: string) => boolean}} Setting
 */

/**
 * @param {Message[]} parts one message, or the parts of an album
 * @param {Setting} setting
 */
export function bubble(parts, setting) {
  const first = parts[0];
  if (first.service) return service(first, setting);
  const last = parts[parts.length - 1];
  const own = first.from.id === setting.me;
  const classes = ["item", own ? "own" : "other", last.buttons.length ? "keyed" : ""];
  const content = h(
    "div",
    { class: contentClass(parts) },
    ...head(first, own, setting),
    ...body(parts, setting),
    foot(parts, setting),
  );
  const more = iconButton("dots", "Message actions", (event) => setting.act(last, event.currentTarget), {
    class: "more",
    tabindex: "-1",
  });
  return h(
    "li",
    {
      class: classes.join(" ").trim(),
      tabindex: "-1",
      data: { key: keyOf(first), id: String(last.id), from: String(first.from.id) },
    },
    h("div", { class: "bubble" }, content, more),
    reactions(last, setting),
    keyboard(last, setting),
  );
}

/** @param {Message} message */
export const keyOf = (message) => (message.album ? `a${message.album}` : `m${message.id}`);

/**
 * What stands for a message in a line.
 * @param {Message} message
 * @param {any} words
 */
export function excerpt(message, words) {
  return message.text || words[message.media?.kind] || "…";
}

function contentClass(parts) {
  const [first] = parts;
  if (first.media?.kind === "sticker") return "content bare";
  const photos = parts.some((part) => part.media?.kind === "photo");
  return photos ? "content pictured" : "content";
}

function head(message, own, setting) {
  const author =
    setting.inGroup && !own && h("p", { class: `author tint-${Math.abs(message.from.id) % 7}` }, message.from.name);
  const reply =
    message.reply &&
    h(
      "p",
      { class: "quote" },
      h("b", {}, message.reply.name),
      h("span", { dir: "auto" }, message.reply.text || setting.words[message.reply.media] || "…"),
    );
  return [author, reply];
}

function body(parts, setting) {
  const media = parts.filter((part) => part.media).map((part) => mediaNode(part.media, setting.words));
  const shown = media.length > 1 ? h("div", { class: `album n${Math.min(media.length, 4)}` }, media) : media[0];
  const told = parts.find((part) => part.text);
  const text = told && h("div", { class: "text", dir: "auto" }, rich(wordsOf(told), told.entities, setting.command));
  return [shown, text];
}

/** An invitation's code is not shown, as in Telegram's apps. */
const wordsOf = ({ text }) => text.replace(/^(\/start) \S+$/, "$1");

function foot(parts, setting) {
  const last = parts[parts.length - 1];
  const date = new Date(last.date * 1000);
  const edited = last.edited ? h("span", { class: "edited" }, setting.words.edited) : null;
  return h(
    "p",
    { class: "meta" },
    edited,
    h("time", { datetime: date.toISOString() }, clock(date, setting.zone, setting.language)),
  );
}

function reactions(message, setting) {
  if (!message.reactions.length) return null;
  const chips = message.reactions.map(({ emoji, by }) => {
    const mine = by.includes(setting.me);
    const act = () => setting.react(message, mine ? "" : emoji);
    return h(
      "button",
      { type: "button", "aria-pressed": String(mine), "aria-label": `${emoji} ${by.length}`, on: { click: act } },
      emoji,
      by.length > 1 && h("small", {}, String(by.length)),
    );
  });
  return h("div", { class: "reactions" }, chips);
}

function keyboard(message, setting) {
  if (!message.buttons.length) return null;
  const rows = message.buttons.map((row) =>
    h(
      "div",
      { class: "row" },
      row.map((button) => key(message, button, setting)),
    ),
  );
  return h("div", { class: "keyboard", role: "group", "aria-label": "Buttons of this message" }, rows);
}

function key(message, button, setting) {
  const said = h("span", { dir: "auto" }, button.text);
  const data = button.style ? { style: button.style } : {};
  if (button.url) {
    return h(
      "a",
      { class: "key", data, href: safe(button.url), target: "_blank", rel: "noopener noreferrer" },
      said,
      sign("↗"),
    );
  }
  if (button.disabled) return h("button", { type: "button", class: "key", data, disabled: true }, said);
  if (button.copied) {
    const copy = () => setting.copy(button.copied);
    return h("button", { type: "button", class: "key", data, title: button.copied, on: { click: copy } }, said, sign("⧉"));
  }
  const busy = setting.busy(message, button.data ?? "");
  const act = (event) => setting.tap(message, button.data ?? "", event.currentTarget);
  return h(
    "button",
    {
      type: "button",
      class: "key",
      title: button.text,
      data: { ...data, data: button.data ?? "" },
      "aria-busy": String(busy),
      on: { click: act },
    },
    said,
  );
}

/** What a button does besides being tapped, for those who see. */
const sign = (text) => h("i", { class: "out", "aria-hidden": "true" }, text);

const safe = (url) => (/^(https?|tg):/i.test(url) ? url : `http://${url}`);

function service(message, setting) {
  const { words } = setting;
  const { kind, names } = message.service;
  const who = names.join(", ");
  const said =
    {
      new_chat_members: () => words.joined(who),
      left_chat_member: () => words.left(who),
      group_chat_created: () => words.created,
    }[kind]?.() ?? words.deleted;
  return h(
    "li",
    { class: "item service", data: { key: keyOf(message), id: String(message.id) } },
    h("span", { dir: "auto" }, said),
  );
}
