// The one entry: starts what every page has, and what this page asks for by its data attributes.
import { startInline } from "./inline.js";
import { startKeys } from "./keys.js";
import { startList } from "./list.js";
import { startLive } from "./live.js";
import { startPage } from "./page.js";
import { startPalette } from "./palette.js";
import { startToasts } from "./toast.js";
import { startTrouble } from "./trouble.js";

startPage();
startKeys();
startPalette();
startToasts();
startTrouble();
startLive();
startList();
startInline();

const has = (selector) => document.querySelector(selector) !== null;
const asked = [];
if (has("[data-board]")) asked.push(import("./board.js").then((it) => it.startBoard()));
if (has("[data-deck]")) asked.push(import("./deck.js").then((it) => it.startDeck()));
if (has("[data-call]")) asked.push(import("./call.js").then((it) => it.startCall()));
if (has("[data-fill]")) asked.push(import("./fill.js").then((it) => it.startFill()));
if (has("[data-offline], [data-offline-state]")) asked.push(import("./offline.js").then((it) => it.startOffline()));
if (has("[data-sign-in], [data-sign-out]")) asked.push(import("./leaving.js").then((it) => it.startLeaving()));
if (has("[data-rows]")) asked.push(import("./rows.js").then((it) => it.startRows()));
if (has("[data-mass]")) asked.push(import("./picking.js").then((it) => it.startPicking()));
if (has("form[data-again]")) asked.push(import("./again.js").then((it) => it.startAgain()));
if (has("[data-mass-value]")) asked.push(import("./picking.js").then((it) => it.startMassLook()));
if (has("[data-draft]")) asked.push(import("./draft.js").then((it) => it.startDrafts()));

// Says that hands on the keyboard are heard from now on.
Promise.all(asked).then(() => { document.documentElement.dataset.ready = ""; });
