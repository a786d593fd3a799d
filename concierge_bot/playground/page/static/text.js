/** Text with its entities, as nodes. Offsets are in UTF-16 code units, as JavaScript's strings are. */

import { h } from "./dom.js";
import { notice } from "./notices.js";

/** @typedef {import("./store.js").Entity} Entity */

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/**
 * @param {string} text
 * @param {Entity[]} entities
 * @param {(command: string) => void} [command] what a tap on a command does
 * @returns {(Node | string)[]}
 */
export function rich(text, entities, command) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, sorted, 0, text.length, command);
}

function pieces(text, entities, start, stop, command) {
  const found = [];
  let position = start;
  for (let index = 0; index < entities.length;) {
    const entity = entities[index++];
    const begin = entity.offset;
    const end = Math.min(begin + entity.length, stop);
    if (begin < position || begin >= stop) continue;
    const inner = [];
    while (index < entities.length && entities[index].offset < end) inner.push(entities[index++]);
    if (begin > position) found.push(text.slice(position, begin));
    found.push(wrapped(entity, text.slice(begin, end), pieces(text, inner, begin, end, command), command));
    position = end;
  }
  if (position < stop) found.push(text.slice(position, stop));
  return found;
}

function wrapped(entity, plain, children, command) {
  const tag = TAGS[entity.type];
  if (tag) return h(tag, {}, children);
  if (entity.type === "bot_command" && command) {
    return h("button", { type: "button", class: "in-text", on: { click: () => command(plain) } }, children);
  }
  if (entity.type === "spoiler") return spoiler(children);
  if (entity.type === "date_time") return moment(entity.unix_time ?? 0, children);
  const address = { text_link: entity.url, url: plain, email: `mailto:${plain}` }[entity.type];
  if (address && /^(https?|mailto|tg):/i.test(address)) {
    return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
  }
  return h("span", { class: "entity" }, children);
}

/** Says on a tap when that is where the reader is. */
function moment(unix, children) {
  const date = new Date(unix * 1000);
  const said = date.toLocaleString([], { dateStyle: "full", timeStyle: "long" });
  const show = () => notice(said);
  const time = h("time", { datetime: date.toISOString() }, children);
  return h("button", { type: "button", class: "in-text moment", title: said, on: { click: show } }, time);
}

function spoiler(children) {
  const reveal = (event) => event.currentTarget.classList.add("open");
  return h("span", { class: "spoiler", on: { click: reveal } }, children);
}
