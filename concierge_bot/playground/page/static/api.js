/** What the page asks of the playground, and the news that comes back. */

const HEADERS = { "X-Playground": "1" };

/**
 * Does something. Rejects with the reason, in words.
 * @param {string} gesture
 * @param {object} [values]
 * @returns {Promise<any>}
 */
export function post(gesture, values = {}) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  return send(gesture, { method: "POST", headers, body: JSON.stringify(values) });
}

/**
 * Sends files.
 * @param {FormData} form
 */
export function postFiles(form) {
  return send("files", { method: "POST", headers: HEADERS, body: form });
}

/** @param {string} file */
export const fileUrl = (file) => `/page/api/file/${encodeURIComponent(file)}`;

/**
 * @param {string} gesture
 * @param {RequestInit} request
 */
async function send(gesture, request) {
  let answer;
  try {
    answer = await fetch(`/page/api/${gesture}`, request);
  } catch {
    throw new Error("The playground did not answer. Is it still running?");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || `The playground refused (${answer.status}).`);
  return said;
}

/**
 * Listens for news, for ever: after a break the whole state comes first.
 * @param {(news: any) => void} hear
 * @param {(connected: boolean) => void} connected
 */
export function listen(hear, connected) {
  const stream = new EventSource("/page/api/events");
  stream.addEventListener("message", (event) => {
    connected(true);
    hear(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    connected(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(hear, connected), 1000);
  });
}
