// Keys and live update of the review queue. Every page works without it.
"use strict";

let quiet = 0;
const say = (text) => {
  document.getElementById("said").textContent = text;
  clearTimeout(quiet);
  if (text && !text.startsWith("The server")) quiet = setTimeout(() => say(""), 6000);
};
const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;

// A list that j and k walk through.
class Walk {
  constructor(selector) { this.selector = selector; this.at = -1; }
  items() { return [...document.querySelectorAll(this.selector)]; }
  move(by) {
    const items = this.items();
    if (!items.length) return;
    this.pick(Math.min(Math.max(this.at + by, 0), items.length - 1));
  }
  pick(at) {
    const items = this.items();
    if (at < 0 || at >= items.length) return;
    this.at = at;
    items.forEach((item, place) => item.classList.toggle("picked", place === at));
    const link = this.target(items[at]);
    if (link === items[at]) link.tabIndex = -1;
    link.focus({ preventScroll: true });
    items[at].scrollIntoView({ block: "nearest" });
  }
  target(item) { return item.querySelector("a, button, [tabindex]") || item; }
  present() { return this.items()[this.at]; }
}

function keys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(event); }
  });
}

function help() {
  const dialog = document.getElementById("help");
  if (!dialog.open) dialog.showModal();
}

function queuePage() {
  const walk = new Walk("table.queue tbody tr");
  const search = document.getElementById("search");
  keys({
    j: () => walk.move(1),
    k: () => walk.move(-1),
    "/": () => search.focus(),
    "?": help,
    u: () => say("There is nothing to undo here."),
  });
  const rows = document.getElementById("rows");
  let before = rows.innerHTML;
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { "x-part": "rows" } });
      if (!answer.ok || answer.redirected) { say("The server asks you to sign in again."); return; }
      const text = await answer.text();
      if (text === before) return;
      const held = walk.present()?.dataset.item;
      before = text;
      rows.innerHTML = text;
      const place = walk.items().findIndex((item) => item.dataset.item === held);
      if (place >= 0) walk.pick(place);
      if (document.getElementById("said").textContent.startsWith("The server")) say("");
    } catch { say("The server does not answer."); }
  };
  setInterval(refresh, 4000);
}

// A page that is being made is shown once it is there.
function makingPage() {
  const look = async () => {
    try {
      if ((await fetch(location.href)).status !== 503) { location.reload(); return; }
      say("");
    } catch { say("The server does not answer."); }
    setTimeout(look, Number(document.body.dataset.again) * 1000);
  };
  setTimeout(look, 1000);
  keys({ "?": help, q: () => { location.href = "/"; } });
}

document.addEventListener("DOMContentLoaded", () => {
  if (document.body.dataset.page === "queue") queuePage();
  else if (document.body.dataset.page === "making") makingPage();
  else if (!document.body.dataset.page) keys({ "?": help, q: () => { location.href = "/"; } });
});
