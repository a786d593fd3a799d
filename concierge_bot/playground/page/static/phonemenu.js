/** What somebody can do with a phone besides writing: links, groups, blocking. */

import { post } from "./api.js";
import { ask } from "./dialogs.js";
import { complain } from "./notices.js";

/**
 * @param {import("./phone.js").Phone} phone
 * @returns {import("./menus.js").Item[]}
 */
export function phoneMenu(phone) {
  const { person, store } = phone;
  const blocked = person.blocked;
  const block = () => void post("block", { person: person.id, blocked: !blocked }).catch(complain);
  return [
    { label: "Open an invitation link…", icon: "link", act: () => void openLink(phone) },
    ...[...store.groups.values()].map((group) => membership(person, group)),
    { label: blocked ? "Unblock the bot" : "Block the bot", icon: "block", danger: !blocked, act: block },
  ];
}

function membership(person, group) {
  const present = group.members.includes(person.id);
  const act = () => void post("member", { person: person.id, chat: group.id, present: !present }).catch(complain);
  return { label: present ? `Leave “${group.title}”` : `Join “${group.title}”`, icon: "group", act };
}

async function openLink(phone) {
  const said = await ask({
    title: `Open an invitation on the phone of ${phone.person.name}`,
    fields: [
      {
        name: "code",
        label: "Link or code",
        value: phone.person.code ?? "",
        required: true,
        hint: "As “concierge invite” prints it, or “Invite” on this page.",
      },
    ],
    submit: "Open and press Start",
  });
  if (!said) return;
  phone.open(phone.id);
  await post("start", { person: phone.id, code: said.code }).catch(complain);
}
