/** Light, dark, or as the system has it. */

const KEY = "playground-theme";
const NEXT = { system: "light", light: "dark", dark: "system" };

const read = () => {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system";
  }
};

/** Puts the chosen theme on. */
export function dress() {
  document.documentElement.dataset.theme = read();
}

/** To the next theme. @returns {string} its name */
export function turnTheme() {
  const theme = NEXT[read()] ?? "light";
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // without storage it lasts as long as the page
  }
  document.documentElement.dataset.theme = theme;
  return theme;
}
