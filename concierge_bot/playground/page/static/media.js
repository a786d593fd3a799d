/** What messages carry besides words: photos, voices, files, places. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { length, size } from "./format.js";

/**
 * @param {any} media
 * @param {Record<string, any>} words
 */
export function mediaNode(media, words) {
  if (media.kind === "photo") return photo(media, words);
  if (media.kind === "sticker") return h("span", { class: "sticker" }, media.emoji || "🙂");
  if (media.kind === "voice" || media.kind === "audio") return voice(media, words);
  if (media.kind === "location") return place(media, words);
  if (media.kind === "contact")
    return line("person", `${media.first_name} ${media.last_name ?? ""}`.trim(), media.phone_number);
  return file(media, words);
}

function photo(media, words) {
  const url = fileUrl(media.file);
  const picture = h("img", { class: "picture", src: url, alt: words.photo, loading: "lazy" });
  const link = h("a", { class: "photo", href: url, target: "_blank", rel: "noopener noreferrer" }, picture);
  picture.addEventListener("error", () => link.replaceChildren(icon("photo"), h("span", {}, words.photo)), {
    once: true,
  });
  return link;
}

const BARS = [5, 9, 14, 8, 12, 17, 10, 6, 13, 18, 11, 7, 15, 9, 5, 12, 8, 4];

function voice(media, words) {
  const sound = h("audio", { src: fileUrl(media.file), preload: "none" });
  const toggle = () => {
    if (sound.paused) sound.play().catch(() => show(false));
    else sound.pause();
  };
  const button = h(
    "button",
    { type: "button", class: "play", "aria-label": words.voice, on: { click: toggle } },
    icon("play"),
  );
  const show = (playing) => button.replaceChildren(icon(playing ? "pause" : "play"));
  for (const kind of ["play", "pause", "ended"])
    sound.addEventListener(kind, () => show(!sound.paused && !sound.ended));
  const bars = BARS.map((height) => {
    const bar = h("i");
    bar.style.height = `${height}px`;
    return bar;
  });
  return h(
    "span",
    { class: "voice" },
    button,
    h("span", { class: "wave", "aria-hidden": "true" }, bars),
    h("span", { class: "length" }, length(media.duration ?? 0)),
    sound,
  );
}

function place(media, words) {
  const { latitude, longitude } = media;
  return line("pin", words.location, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
}

function file(media, words) {
  const name = media.file_name || words[media.kind] || words.document;
  const link = h("a", { class: "file", href: fileUrl(media.file), download: name });
  link.append(icon("file"), h("span", {}, h("b", {}, name), h("small", {}, size(media.file_size ?? 0))));
  return link;
}

function line(drawing, title, detail) {
  return h("span", { class: "file" }, icon(drawing), h("span", {}, h("b", {}, title), h("small", {}, detail)));
}
