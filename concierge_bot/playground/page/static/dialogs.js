/** Forms in a dialog. */

import { h, iconButton } from "./dom.js";

/**
 * @typedef {{name: string, label: string, value?: string, required?: boolean, hint?: string,
 *   choices?: [string, string][], when?: (values: Record<string, string>) => boolean}} Field
 */

/**
 * Asks, and gives what was filled in, or null where it was dropped.
 * @param {{title: string, text?: string, fields: Field[], submit: string}} question
 * @returns {Promise<Record<string, string> | null>}
 */
export function ask({ title, text, fields, submit }) {
  return new Promise((resolve) => {
    const rows = fields.map((field) => ({ field, row: row(field) }));
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", {}, title),
      text && h("p", {}, text),
      rows.map(({ row: element }) => element),
    );
    const dialog = h("dialog", { class: "dialog", "aria-label": title }, form);
    const close = (values) => {
      dialog.close();
      dialog.remove();
      resolve(values);
    };
    const cancel = h("button", { type: "button", class: "plain", on: { click: () => close(null) } }, "Cancel");
    form.append(h("div", { class: "ends" }, cancel, h("button", { type: "submit", class: "primary" }, submit)));
    const values = () => Object.fromEntries(new FormData(form));
    const adapt = () => rows.forEach(({ field, row: element }) => toggle(element, field.when?.(values()) ?? true));
    form.addEventListener("input", adapt);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close(values());
    });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    document.body.append(dialog);
    adapt();
    dialog.showModal();
  });
}

/**
 * Shows something to take away.
 * @param {string} title
 * @param {string} text
 * @param {string} value
 */
export function hand(title, text, value) {
  const input = h("input", { readonly: true, value, "aria-label": title });
  const dialog = h("dialog", { class: "dialog", "aria-label": title });
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const copy = () => {
    input.select();
    navigator.clipboard?.writeText(value).catch(() => {});
  };
  const ends = h(
    "div",
    { class: "ends" },
    h("button", { type: "button", class: "plain", on: { click: copy } }, "Copy"),
    h("button", { type: "button", class: "primary", on: { click: close } }, "Done"),
  );
  dialog.append(
    h("h2", {}, title),
    h("p", {}, text),
    input,
    ends,
    iconButton("close", "Close", close, { class: "icon-button corner" }),
  );
  document.body.append(dialog);
  dialog.showModal();
}

function toggle(element, on) {
  element.hidden = !on;
  for (const input of element.querySelectorAll("input, select")) input.disabled = !on;
}

function row({ name, label, value = "", required, hint, choices }) {
  const id = `field-${name}`;
  const input = choices
    ? h(
        "select",
        { id, name },
        choices.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
      )
    : h("input", { id, name, value, required, autocomplete: "off", maxlength: "200" });
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint && h("small", {}, hint));
}
