/** The scenes of the guided tour. */

import { post } from "./api.js";

/** @typedef {{title: string, text: string, play: (tour: any) => Promise<void>}} Scene */

const who = (tour) => {
  const [chinese, english] = tour.phones("owner");
  const [supervisor] = tour.phones("supervisor");
  const [engineer] = tour.phones("engineer");
  return { chinese, english, supervisor, engineer, helper: tour.phones("butler").at(-1) };
};

const words = (phone, english, chinese) => (phone.person.language?.startsWith("zh") ? chinese : english);

/** @type {Scene[]} */
export const SCENES = [
  {
    title: "Six phones, one bot",
    text: "Two owners, two butlers, an engineer and the supervisor. Behind them runs the real bot; only Telegram is played, on this machine. Everything here can be clicked.",
    async play(tour) {
      tour.spot();
      await tour.pause(5500);
    },
  },
  {
    title: "A tap drips in villa 8",
    text: "The owner reads Chinese. They open the menu, choose a repair, say what is wrong, and add a photo.",
    async play(tour) {
      const { chinese } = who(tour);
      tour.spot(chinese);
      await tour.open(chinese);
      await tour.type(chinese, "/menu");
      await tour.pause(700);
      await tour.tap(chinese, "service:repair");
      await tour.until(() => tour.key(chinese, "…:water"), "the first question");
      await tour.pause(500);
      await tour.tap(chinese, "…:water");
      await tour.until(() => tour.key(chinese, "…:minor"), "how urgent it is");
      await tour.pause(400);
      await tour.tap(chinese, "…:minor");
      await tour.until(() => !tour.key(chinese, "…:minor"), "the question for words");
      await tour.pause(500);
      await tour.type(chinese, words(chinese, "The kitchen tap drips", "厨房的水龙头一直在滴水"));
      await tour.until(() => tour.key(chinese, "…:skip"), "the question for photos");
      await tour.pause(400);
      await post("sample", { person: chinese.id, chat: chinese.id, kind: "photo" });
      await tour.pause(1500);
      await tour.tap(chinese, "…:skip");
      await tour.pause(500);
      await tour.tap(chinese, "…:soon");
      await tour.pause(1200);
    },
  },
  {
    title: "Sent: it is in the database before anybody is answered",
    text: "The summary becomes the owner’s card. The team gets a card in its own language, with villa, name and photo.",
    async play(tour) {
      const { chinese, engineer, helper } = who(tour);
      tour.spot(chinese, engineer, helper);
      await tour.open(engineer, "Maintenance");
      await tour.open(helper, "Maintenance");
      await tour.tap(chinese, "send:");
      await tour.until(() => tour.key(engineer, "claim:"), "the team’s card");
      tour.look(engineer);
      await tour.pause(3500);
    },
  },
  {
    title: "Nobody takes it? The clock knows",
    text: "We turn the estate’s clock: first the team is reminded, then the supervisor is told in private, with a way to take it or to assign it.",
    async play(tour) {
      const { engineer, supervisor } = who(tour);
      tour.spot(engineer, supervisor);
      await tour.open(supervisor);
      tour.look(engineer);
      await tour.turn("next");
      await tour.pause(3000);
      await tour.turn("next");
      await tour.until(() => tour.key(supervisor, "take:"), "the supervisor’s card");
      tour.look(supervisor);
      await tour.pause(4000);
    },
  },
  {
    title: "Two tap at the same moment",
    text: "A claim is one conditional update: one wins, always; the other reads at once who has it.",
    async play(tour) {
      const { engineer, helper } = who(tour);
      tour.spot(engineer, helper);
      await tour.until(() => tour.key(helper, "claim:") && tour.key(engineer, "claim:"), "the card");
      await tour.pause(1200);
      await Promise.all([tour.tap(engineer, "claim:"), tour.tap(helper, "claim:")]);
      await tour.pause(4500);
    },
  },
  {
    title: "On site, done",
    text: "Every step edits the same cards: the owner watches in Chinese, and nobody is sent the same thing twice.",
    async play(tour) {
      const { chinese, engineer, helper } = who(tour);
      tour.spot(chinese, engineer, helper);
      const holder = engineer;
      await tour.tap(holder, "onsite:");
      await tour.pause(2500);
      if (tour.key(holder, "onsite:")) await tour.tap(helper, "onsite:");
      const finisher = tour.key(holder, "done:") ? holder : helper;
      await tour.tap(finisher, "done:");
      await tour.pause(1500);
      if (tour.key(helper, "done:")) await tour.tap(helper, "done:");
      tour.look(chinese);
      await tour.pause(3000);
    },
  },
  {
    title: "Killed in the middle of work",
    text: "The bot’s process is killed without warning. An owner writes all the same; then the bot comes back.",
    async play(tour) {
      const { english } = who(tour);
      tour.spot(english);
      await tour.open(english);
      await tour.dock("[data-act=kill]");
      await tour.type(english, "Could somebody polish my shoes?");
      await tour.pause(2500);
      await tour.dock("[data-act=start]");
      await tour.rests(); // the menu of an earlier answer would do for the next line
      await tour.until(() => tour.key(english, "service:shoe_shine"), "the bot’s answer");
      await tour.pause(3000);
    },
  },
  {
    title: "Two days later",
    text: "Every repair is followed up, by name and in time. “No” would bring it back as a new request that knows the old one.",
    async play(tour) {
      const { chinese } = who(tour);
      tour.spot(chinese);
      await tour.turn("day");
      await tour.turn("day");
      for (let turns = 0; turns < 60 && !tour.key(chinese, "followup:"); turns += 1) {
        await tour.pause(1500);
        await tour.turn("next");
      }
      await tour.until(() => tour.key(chinese, "followup:"), "the follow-up");
      await tour.pause(1800);
      await tour.tap(chinese, "…:yes");
      await tour.pause(3500);
    },
  },
  {
    title: "Now it is yours",
    text: "Write, tap, send photos, add people in their own languages, turn the clock, break Telegram. The figures below come straight from the database.",
    async play(tour) {
      tour.spot();
      await tour.pause(6000);
    },
  },
];
