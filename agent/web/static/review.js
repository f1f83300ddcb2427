// The review page: evidence beside the claim, numbers recomputed as one types, decisions held back for five seconds.
"use strict";

const HOLD_MS = 5000;
const WAIT_MS = 80;

function reviewPage() {
  const { here, csrf } = document.body.dataset;
  const one = (id) => document.getElementById(id);
  const walk = new Walk(".claim");
  const form = one("edit");
  const looked = new Set();

  // Evidence.
  const pane = one("evidence");
  async function fragment(url, into) {
    try {
      const answer = await fetch(url);
      if (answer.redirected) { say("The server asks you to sign in again."); return false; }
      into.innerHTML = answer.ok ? await answer.text() : "";
      if (!answer.ok) say("That could not be loaded.");
      return answer.ok;
    } catch { say("The server does not answer."); return false; }
  }
  async function evidence(claim) {
    if (!claim) { walk.move(1); claim = walk.present(); }
    if (!claim) return;
    looked.add(claim.dataset.path);
    if (await fragment(`${here}/evidence?path=${encodeURIComponent(claim.dataset.path)}`, pane)) {
      pane.scrollTop = 0;
      if (getComputedStyle(pane.parentElement).position === "static") pane.scrollIntoView();
    }
  }
  document.querySelectorAll(".claim").forEach((claim, at) => {
    claim.querySelector(".open").addEventListener("click", (event) => { event.preventDefault(); walk.pick(at); evidence(claim); });
  });
  document.querySelectorAll(".goto").forEach((link) => link.addEventListener("click", () => {
    const place = walk.items().findIndex((item) => `#${item.id}` === link.hash);
    if (place >= 0) { walk.pick(place); evidence(walk.present()); }
  }));
  pane.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(event.target));
    fragment(`${event.target.action}?${asked}`, one("found"));
  });
  pane.addEventListener("click", (event) => {
    if (!event.target.classList.contains("attach")) return;
    const passage = event.target.closest("[data-passage]");
    const chosen = passage.querySelector(".quote").value.trim() || String(getSelection()).trim();
    if (!chosen) { say("Select the words to quote, or write them into the field."); return; }
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = `add:${one("found").dataset.place}.citations`;
    field.value = JSON.stringify({ passage: passage.dataset.passage, quote: chosen });
    one("attached").append(field);
    undone.push(() => field.remove());
    say("The citation goes with the edit.");
  });

  // Numbers and texts.
  const undone = [];
  let timer = 0, asked = 0;
  const fields = [...document.querySelectorAll("[form=edit], #edit input, #edit textarea")];
  const drafted = new Map(fields.map((field) => [field, field.value]));
  const before = new Map(drafted);
  async function recompute() {
    const serial = ++asked;
    const began = performance.now();
    const body = new URLSearchParams(new FormData(form));
    let made;
    try {
      const answer = await fetch(`${here}/preview`, { method: "POST", body, headers: { accept: "application/json" } });
      made = await answer.json();
    } catch { say("The server does not answer."); return; }
    if (serial !== asked) return;
    const problems = one("live-problems");
    const wrong = made.ok ? [] : made.problems || made.error.problems.concat(made.error.message);
    problems.hidden = made.ok;
    problems.replaceChildren(...wrong.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    if (!made.ok) return;
    one("live-score").textContent = made.score.toFixed(1);
    one("live-label").textContent = made.label;
    one("live-label").className = `tag ${made.zone.toLowerCase()}`;
    one("live-distance").textContent = `${made.distance}.`;
    one("live-robust").textContent = made.robustness;
    one("live-parts").textContent = made.contributions.map((part) => `${part.factor} ${part.points >= 0 ? "+" : ""}${part.points.toFixed(1)}`).join(", ");
    one("live-change").textContent = made.before === null || made.before === made.score ? "" : `was ${made.before.toFixed(1)}; not recorded yet`;
    document.body.dataset.took = String(Math.round(performance.now() - began));
  }
  fields.forEach((field) => field.addEventListener("input", () => {
    const was = before.get(field);
    field.classList.toggle("changed", field.value !== drafted.get(field));
    undone.push(() => { field.value = was; before.set(field, was); field.classList.toggle("changed", field.value !== drafted.get(field)); recompute(); });
    before.set(field, field.value);
    clearTimeout(timer);
    timer = setTimeout(recompute, WAIT_MS);
  }));

  // Decisions: nothing is sent until the time is over, and nothing at all when the page is left.
  const held = one("held");
  let waiting = null;
  function hold(target) {
    if (waiting) return;
    if (target.dataset.key === "a") {
      const count = looked.size;
      const total = document.querySelectorAll(".claim").length;
      const open = count === 0 ? "You opened no evidence. " : `You opened the evidence of ${count} of ${total} claims. `;
      if (!confirm(`${open}Approve exactly this revision?`)) return;
    }
    held.hidden = false;
    held.querySelector("span").textContent = `${target.dataset.decision} in five seconds.`;
    one("undo").focus();
    waiting = { target, timer: setTimeout(() => { waiting = null; held.hidden = true; target.submit(); lock(); }, HOLD_MS) };
  }
  function lock() { document.querySelectorAll(".decide button").forEach((button) => { button.disabled = true; }); }
  function undo() {
    if (waiting) {
      clearTimeout(waiting.timer);
      waiting = null;
      held.hidden = true;
      say("Taken back. Nothing was recorded.");
      return;
    }
    const last = undone.pop();
    if (last) last(); else say("There is nothing to undo.");
  }
  document.querySelectorAll("[data-decision]").forEach((target) => target.addEventListener("submit", (event) => {
    event.preventDefault();
    hold(target);
  }));
  one("undo")?.addEventListener("click", undo);
  const open = (id) => { const box = one(id); if (box) { box.open = true; box.querySelector("textarea").focus(); } };

  function edit() {
    const claim = walk.present();
    if (!claim) { document.querySelector(".number input:not([disabled])")?.focus(); return; }
    const box = claim.querySelector(".change");
    if (box) { box.open = true; box.querySelector("textarea").focus(); }
  }
  function comment() {
    const box = walk.present()?.querySelector(".talk");
    if (box) { box.open = true; box.querySelector("textarea").focus(); } else one("comments").scrollIntoView();
  }
  let finding = -1;
  function nextFinding() {
    const items = [...document.querySelectorAll(".findings > li")];
    if (!items.length) { say("There is no finding."); return; }
    finding = (finding + 1) % items.length;
    (items[finding].querySelector("a, input") || items[finding]).focus();
    items[finding].scrollIntoView({ block: "center" });
  }
  keys({
    j: () => walk.move(1),
    k: () => walk.move(-1),
    o: () => evidence(walk.present()),
    Enter: (event) => { if (event.target.closest("a, button, summary")) event.target.click(); else evidence(walk.present()); },
    e: edit,
    f: nextFinding,
    c: comment,
    a: () => document.querySelector("[data-key=a] button:not([disabled])")?.click(),
    r: () => open("back"),
    x: () => open("no"),
    d: () => one("defer")?.requestSubmit(),
    u: undo,
    "/": () => one("search") ? one("search").focus() : say("Open the evidence of a claim first."),
    q: () => { location.href = "/"; },
    "?": help,
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
  });

  // Whoever does something keeps the review.
  let renewed = Date.now();
  const renew = () => {
    if (document.body.dataset.holds !== "yes" || Date.now() - renewed < 60000) return;
    renewed = Date.now();
    fetch(`${here}/renew`, { method: "POST", body: new URLSearchParams({ csrf }) }).then((answer) => {
      if (answer.status === 409) say("You do not hold this review any more.");
    }).catch(() => say("The server does not answer."));
  };
  ["keydown", "pointerdown", "scroll"].forEach((name) => document.addEventListener(name, renew, { passive: true }));
}

function standingPage() {
  const look = async () => {
    try {
      const state = await (await fetch(`${document.body.dataset.here}/state`)).json();
      if (state.revision || state.published || !(state.busy || ["running", "waiting"].includes(state.status))) location.reload();
      else setTimeout(look, 1500);
    } catch { setTimeout(look, 4000); }
  };
  if (document.getElementById("standing").textContent.includes("goes on")) setTimeout(look, 1000);
  keys({ q: () => { location.href = "/"; }, "?": help });
}

document.addEventListener("DOMContentLoaded", () => {
  if (document.body.dataset.page === "review") reviewPage();
  if (document.body.dataset.page === "standing") standingPage();
});
