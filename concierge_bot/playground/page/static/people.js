/** New people, and new invitations. */

import { post } from "./api.js";
import { ask, hand } from "./dialogs.js";
import { complain } from "./notices.js";

/** @type {[string, string][]} */
const LANGUAGES = [
  ["en", "English"],
  ["zh-hans", "中文"],
  ["ar", "العربية"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["ru", "Русский"],
  ["ja", "日本語"],
  ["ko", "한국어"],
];
/** @type {[string, string][]} */
const TITLES = [
  ["", "the bot asks"],
  ["mr", "Mr"],
  ["ms", "Ms"],
  ["mrs", "Mrs"],
  ["dr", "Dr"],
  ["prof", "Prof."],
];
const isOwner = (values) => values.kind === "owner";

/** Asks for a new person, and gives them a phone. @returns {Promise<number | null>} */
export async function addPerson() {
  const said = await ask({
    title: "Somebody new",
    text: "They get a phone of their own. With an invitation, its Start button opens the link.",
    fields: [
      { name: "name", label: "Name", required: true },
      { name: "language", label: "Language of the phone", choices: LANGUAGES },
      {
        name: "kind",
        label: "Invitation",
        choices: [
          ["guest", "None"],
          ["owner", "As owner of a villa"],
          ["supervisor", "As supervisor"],
        ],
      },
      { name: "villa", label: "Villa", value: "12", required: true, when: isOwner },
      { name: "title", label: "Form of address", choices: TITLES, when: isOwner },
    ],
    submit: "Add",
  });
  if (!said) return null;
  return post("person", said).then(
    ({ person }) => person,
    (error) => (complain(error), null),
  );
}

/** Makes an invitation's link. */
export async function invite() {
  const said = await ask({
    title: "Invite",
    fields: [
      {
        name: "kind",
        label: "Whom",
        choices: [
          ["owner", "An owner of a villa"],
          ["supervisor", "A supervisor"],
        ],
      },
      { name: "name", label: "Surname", required: true, hint: "In the person’s own writing." },
      { name: "villa", label: "Villa", value: "12", required: true, when: isOwner },
      { name: "title", label: "Form of address", choices: TITLES, when: isOwner },
    ],
    submit: "Make the link",
  });
  if (!said) return;
  await post("invite", said).then(
    ({ link }) => hand("One link, one use", "Open it on a phone: ⋯, then “Open an invitation link…”.", link),
    complain,
  );
}
