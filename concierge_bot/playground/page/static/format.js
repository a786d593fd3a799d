/** Times, sizes and initials as people read them. */

const formats = new Map();

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(language, options) {
  const key = language + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language, options)));
  return found;
}

/**
 * @param {Date} date
 * @param {string} timeZone
 * @param {string} [language]
 */
export const clock = (date, timeZone, language = "en") =>
  format(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(date);

/**
 * A day as a key that can be compared.
 * @param {Date} date
 * @param {string} timeZone
 */
export const dayKey = (date, timeZone) => format("en-CA", { timeZone }).format(date);

/**
 * @param {Date} date
 * @param {string} timeZone
 * @param {string} [language]
 */
export const day = (date, timeZone, language = "en-GB") =>
  format(language, { weekday: "short", day: "numeric", month: "long", timeZone }).format(date);

/**
 * How long, in the two largest units.
 * @param {number} seconds
 */
export function span(seconds) {
  const left = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${left % 60} s` : `${left} s`;
}

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {number} seconds */
export const length = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** @param {string} name */
export function initials(name) {
  const words = name
    .replace(/^(Ms|Mr|Mrs|Dr)\.? /, "")
    .trim()
    .split(/\s+/);
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : [...words[0]].slice(0, 1).join("");
  return letters.toUpperCase();
}
