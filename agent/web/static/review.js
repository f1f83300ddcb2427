// The review page: evidence beside the claim, numbers recomputed as one types, decisions held back for five seconds.
"use strict";

const HOLD_S = 5;
const one = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];

// What a claim rests on: to the right, or under the claim where there is no room beside it.
class Evidence {
  constructor(walk, here) {
    this.walk = walk;
    this.here = here;
    this.pane = one("evidence");
    this.home = this.pane.parentElement;
    this.attached = () => {};
    this.pane.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = new URLSearchParams(new FormData(event.target));
      this.load(`${event.target.action}?${asked}`, one("found")).then(() => all("#found .attach").forEach((button) => { button.hidden = false; }));
    });
    this.pane.addEventListener("click", (event) => {
      const link = event.target.closest("a.goto");
      if (event.target.classList.contains("attach")) this.cite(event.target.closest("[data-passage]"));
      else if (link) this.goto(link, event);
    });
    // Enter in the field of a quote cites it.
    this.pane.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.classList.contains("quote")) return;
      event.preventDefault();
      this.cite(event.target.closest("[data-passage]"));
    });
  }
  async load(url, into) {
    try {
      const answer = await fetch(url, { headers: { "x-part": "yes" } });
      if (answer.redirected) { say("The server asks you to sign in again."); return false; }
      if (!answer.ok) { say("That could not be loaded."); return false; }
      into.innerHTML = await answer.text();
      return true;
    } catch { say("The server does not answer."); return false; }
  }
  async show(item) {
    const claim = this.walk.claim(item);
    if (!claim) return;
    const beside = getComputedStyle(this.home).position === "sticky";
    if (beside) this.home.append(this.pane); else claim.append(this.pane);
    if (!await this.load(`${this.here}/evidence?path=${encodeURIComponent(claim.dataset.path)}`, this.pane)) return;
    claim.dataset.looked = "yes";
    claim.querySelector(".seen").hidden = !claim.querySelector(".open").textContent.startsWith("Evidence");
    all(".findings [data-finding]").forEach((finding) => {
      if (finding.querySelector(".goto")?.hash === `#${claim.id}`) finding.dataset.looked = "yes";
    });
    const read = one("read");
    if (read) read.textContent = `Evidence opened: ${all(".claim[data-looked=yes] .seen:not([hidden])").length} of ${read.dataset.cited} claims that cite.`;
    this.pane.scrollTop = 0;
    const mark = this.pane.querySelector("mark");
    if (beside && mark) this.pane.scrollTop = Math.max(0, mark.offsetTop - this.pane.offsetTop - this.pane.clientHeight / 2);
    if (!beside) claim.scrollIntoView();
  }
  goto(link, event) {
    const place = this.walk.items().findIndex((item) => `#${item.id}` === link.hash);
    if (place < 0) return;
    event.preventDefault();
    this.walk.pick(place);
    this.show(this.walk.present());
  }
  cite(passage) {
    const field = passage.querySelector(".quote");
    const chosen = field.value.trim() || String(getSelection()).trim();
    if (!chosen) { say("Select the words to quote, or write them into the field."); return; }
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = field.name;
    kept.value = chosen;
    this.attached(kept, one("found").dataset.place);
    field.value = "";
    say("The citation goes with the edit.");
  }
}

// The fields that a reviewer edits: what was changed, and what the formula makes of it.
class Editing {
  constructor(here, csrf, revision) {
    Object.assign(this, { here, csrf, revision });
    this.form = one("edit");
    this.undone = [];
    this.typing = null;
    this.running = false;
    this.again = false;
    if (!this.form) return;
    this.fields = [...this.form.elements].filter((field) => field.name && field.type !== "hidden");
    this.drafted = new Map(this.fields.map((field) => [field, this.value(field)]));
    this.before = new Map(this.drafted);
    this.restore();
    this.fields.forEach((field) => {
      field.addEventListener("input", () => this.changed(field));
      field.addEventListener("change", () => { this.typing = null; });
    });
    // Only what was changed is sent, so that the server reads a few fields and not a thousand.
    this.form.addEventListener("submit", (event) => {
      if (!this.count()) { event.preventDefault(); say("Nothing is changed yet."); return; }
      this.fields.forEach((field) => { field.disabled = !this.differs(field); });
    });
    addEventListener("pageshow", () => { this.fields.forEach((field) => { field.disabled = false; }); });
  }
  value(field) { return field.type === "checkbox" ? String(field.checked) : field.value; }
  put(field, value) { if (field.type === "checkbox") field.checked = value === "true"; else field.value = value; }
  differs(field) { return this.value(field) !== this.drafted.get(field); }
  count() { return this.fields.filter((field) => this.differs(field)).length + one("attached").children.length; }
  changed(field) {
    const was = this.before.get(field);
    this.before.set(field, this.value(field));
    // All that is typed into a field before it is left is undone as one change.
    if (this.typing !== field) this.step(() => { this.put(field, was); this.before.set(field, was); this.show(field); field.scrollIntoView({ block: "nearest" }); });
    this.typing = field;
    this.show(field);
  }
  step(back) {
    this.typing = null;
    this.undone.push(back);
  }
  show(field) {
    field.classList.toggle("changed", this.differs(field));
    this.keep();
    this.tell();
    this.recompute();
  }
  tell() {
    const count = this.count();
    one("pending").hidden = count === 0;
    one("pending-count").textContent = `${count} change${count === 1 ? "" : "s"} not recorded`;
  }
  attach(field, place) {
    one("attached").append(field);
    const kind = this.fields.find((known) => known.name === `at:${place}.kind`);
    if (kind && kind.value !== "sourced") { kind.value = "sourced"; this.changed(kind); }
    this.step(() => { field.remove(); this.keep(); this.tell(); });
    this.keep();
    this.tell();
  }
  // What was typed outlives a reload, a lost session and the way back from the confirmation, in this tab.
  keep() {
    const values = this.fields.filter((field) => this.differs(field)).map((field) => [field.name, this.value(field)]);
    const cited = [...one("attached").children].map((field) => [field.name, field.value]);
    if (values.length || cited.length) sessionStorage.setItem(`edit ${this.revision}`, JSON.stringify({ values, cited }));
    else sessionStorage.removeItem(`edit ${this.revision}`);
  }
  restore() {
    const kept = JSON.parse(sessionStorage.getItem(`edit ${this.revision}`) || "null");
    if (!kept) return;
    const named = new Map(this.fields.map((field) => [field.name, field]));
    kept.values.forEach(([name, value]) => {
      const field = named.get(name);
      if (!field) return;
      this.put(field, value);
      this.before.set(field, value);
      field.classList.toggle("changed", this.differs(field));
      const box = field.closest("details");
      if (box) box.open = true;
    });
    kept.cited.forEach(([name, value]) => one("attached").append(Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    this.tell();
    this.recompute();
  }
  // One request at a time; what is typed meanwhile goes with the next.
  async recompute() {
    if (this.running) { this.again = true; return; }
    this.running = true;
    one("live").setAttribute("aria-busy", "true");
    const began = performance.now();
    const body = new URLSearchParams({ csrf: this.csrf, revision: this.revision });
    this.fields.forEach((field) => {
      if (this.differs(field) && /^(at|out|lines):/.test(field.name) && (field.type !== "checkbox" || field.checked)) body.append(field.name, field.value);
    });
    try {
      const answer = await fetch(`${this.here}/preview`, { method: "POST", body, headers: { accept: "application/json" } });
      this.made(answer.status, await answer.json());
      document.body.dataset.took = String(Math.round((performance.now() - began) * 10) / 10);
      document.body.dataset.answers = String(Number(document.body.dataset.answers || 0) + 1);
    } catch { say("The server does not answer."); }
    this.running = false;
    if (this.again) { this.again = false; this.recompute(); } else one("live").removeAttribute("aria-busy");
  }
  made(status, answer) {
    const wrong = answer.ok ? [] : answer.problems || [...answer.error.problems, answer.error.message];
    const problems = one("live-problems");
    problems.hidden = answer.ok;
    one("live").classList.toggle("stale", !answer.ok);
    problems.replaceChildren(...wrong.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    if (!answer.ok) return;
    one("live-score").textContent = answer.score.toFixed(1);
    one("live-label").textContent = answer.label;
    one("live-label").className = `tag ${answer.zone.toLowerCase()}`;
    one("live-distance").textContent = `${answer.distance}.`;
    one("live-robust").textContent = answer.robustness;
    one("live-parts").replaceChildren(...answer.contributions.flatMap((part) => {
      const shown = document.createElement("span");
      const points = Object.assign(document.createElement("strong"), { textContent: `${part.points >= 0 ? "+" : ""}${part.points.toFixed(1)}` });
      shown.append(`${part.factor} `, points);
      return [shown, " "];
    }));
    const moved = answer.before === null ? 0 : answer.score - answer.before;
    one("live-change").textContent = Math.abs(moved) < 0.05 ? "" : `${moved > 0 ? "+" : ""}${moved.toFixed(1)}, was ${answer.before.toFixed(1)}`;
    if (answer.lens) one("live-lens").textContent = answer.lens;
  }
  undo() {
    const last = this.undone.pop();
    this.typing = null;
    if (last) last(); else say("There is nothing to undo.");
  }
}

// Decisions: nothing is sent until the time is over, and nothing at all when the page is left.
class Deciding {
  constructor(editing) {
    this.editing = editing;
    this.waiting = null;
    this.sent = false;
    all("[data-decision]").forEach((form) => form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin(form);
    }));
    one("undo")?.addEventListener("click", () => this.undo());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => { if (event.persisted && this.sent) location.reload(); });
    one("ask")?.addEventListener("close", () => { if (one("ask").returnValue === "yes") this.hold(this.asked); });
  }
  begin(form) {
    if (this.waiting || this.sent) return;
    const why = this.warnings(form);
    if (!why.length) { this.hold(form); return; }
    this.asked = form;
    one("ask").returnValue = "";
    one("ask-title").textContent = form.dataset.key === "a" ? "Approve exactly this revision?" : `${form.dataset.decision}: sure?`;
    one("ask").querySelector("[value=yes]").textContent = form.dataset.key === "a" ? "Approve" : "Go on";
    one("ask-why").replaceChildren(...why.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    one("ask").showModal();
  }
  warnings(form) {
    const why = [];
    const typed = this.editing.count();
    if (typed) why.push(`${typed} change${typed === 1 ? "" : "s"} that you typed ${typed === 1 ? "is" : "are"} not recorded, and no part of it.`);
    if (form.dataset.key !== "a") return why;
    const findings = all(".findings [data-finding]").filter((finding) => finding.dataset.looked !== "yes").length;
    if (findings) why.push(`You did not open ${findings} of ${all(".findings [data-finding]").length} findings.`);
    const cited = Number(one("read").dataset.cited);
    const read = all(".claim[data-looked=yes] .seen:not([hidden])").length;
    if (cited && !read) why.push("You opened no evidence.");
    return why;
  }
  hold(form) {
    if (this.waiting || this.sent) return;
    const box = one("held");
    let left = HOLD_S;
    const tell = () => { box.querySelector("span").textContent = `${form.dataset.decision} in ${left} second${left === 1 ? "" : "s"}. Nothing is sent yet.`; };
    tell();
    box.hidden = false;
    one("undo").focus();
    const tick = setInterval(() => {
      left -= 1;
      if (left > 0) { tell(); return; }
      this.stop();
      this.sent = true;
      all(".decide button").forEach((button) => { button.disabled = true; });
      form.submit();
    }, 1000);
    this.waiting = { form, tick };
  }
  stop() {
    if (!this.waiting) return false;
    clearInterval(this.waiting.tick);
    this.waiting = null;
    one("held").hidden = true;
    return true;
  }
  undo() {
    const form = this.waiting?.form;
    if (!this.stop()) return false;
    say("Taken back. Nothing was recorded.");
    form.querySelector("button").focus();
    return true;
  }
}

// What others did meanwhile is said beside what is shown. Nothing is loaded anew by itself.
class News {
  constructor(here, revision, editing, deciding) {
    Object.assign(this, { here, revision, editing, deciding, asking: false, over: false });
    const { me, holder, approved } = document.body.dataset;
    Object.assign(this, { me, holder, approved: Number(approved) });
    setInterval(() => this.ask(), 4000);
    document.addEventListener("visibilitychange", () => this.ask());
  }
  async ask() {
    if (document.hidden || this.asking || this.over || this.deciding.sent) return;
    this.asking = true;
    try {
      const answer = await fetch(`${this.here}/state`, { headers: { accept: "application/json" } });
      if (answer.redirected || !answer.ok) say("The server asks you to sign in again.");
      else {
        this.tell(await answer.json());
        if (one("said").textContent.startsWith("The server")) say("");
      }
    } catch { say("The server does not answer."); }
    this.asking = false;
  }
  tell(state) {
    if (state.revision !== this.revision) {
      this.over = true;
      const known = state.decided_about === this.revision ? state.decided : "";
      this.say([known || "What is shown here does not wait for a decision any more.", this.typed()]);
      return;
    }
    const said = [];
    if (state.approvals.length > this.approved) {
      const last = state.approvals[state.approvals.length - 1];
      said.push(`${last.by} approved it at ${last.at}; it takes another approval.`);
    }
    this.approved = state.approvals.length;
    const holder = state.claimed_by || "";
    if (holder !== this.holder) {
      const until = holder && `now, until ${state.claimed_until.slice(11, 16)} UTC`;
      const held = !holder ? "Nobody holds it now." : holder === this.me ? `You hold it ${until}.` : `${holder} holds it ${until}; you can read, and comment.`;
      one("holder").textContent = held;
      said.push(held);
      this.holder = holder;
    }
    if (said.length) this.say(said);
  }
  typed() {
    const count = this.editing.count();
    return count ? `${count} change${count === 1 ? "" : "s"} that you typed ${count === 1 ? "is" : "are"} about what is shown here, and stay${count === 1 ? "s" : ""} until you leave it.` : "";
  }
  say(sentences) {
    const link = Object.assign(document.createElement("a"), { href: this.here, textContent: "Load it anew" });
    one("news").replaceChildren(`${sentences.filter(Boolean).join(" ")} `, link);
  }
}

// Claims and the numbers above them, in the order of the page.
class ClaimWalk extends Walk {
  constructor() { super(".claim, .part"); }
  items() { return super.items().filter((item) => item.getClientRects().length > 0); }
  // The buttons of a part are for who means them: Enter on the part opens evidence.
  target(item) { return item.classList.contains("part") ? item : super.target(item); }
  part(item) {
    if (!item || item.classList.contains("part")) return item;
    return all(".part[data-group]").find((part) => item.dataset.path.startsWith(part.dataset.group));
  }
  claim(item) {
    if (item?.classList.contains("claim")) return item;
    const items = this.items();
    return items.slice(item ? items.indexOf(item) : 0).find((other) => other.classList.contains("claim"));
  }
}

function reviewPage() {
  const { here, csrf, revision } = document.body.dataset;
  const bar = one("bar");
  const fit = () => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
  fit();
  new ResizeObserver(fit).observe(bar);

  const walk = new ClaimWalk();
  const pane = new Evidence(walk, here);
  const editing = new Editing(here, csrf, revision);
  if (!editing.form) editing.count = () => 0;
  pane.attached = (field, place) => editing.attach(field, place);
  const deciding = new Deciding(editing);
  new News(here, revision, editing, deciding);

  all(".claim .open").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    walk.pick(walk.items().indexOf(link.closest(".claim")));
    pane.show(walk.present());
  }));
  all(".left .goto").forEach((link) => link.addEventListener("click", (event) => pane.goto(link, event)));
  one("only").hidden = false;
  one("only-telling").addEventListener("change", (event) => {
    document.body.classList.toggle("telling-only", event.target.checked);
    all(".picked").forEach((item) => item.classList.remove("picked"));
    walk.at = -1;
  });

  const open = (id) => { const box = one(id); if (box) { box.open = true; box.querySelector("textarea").focus(); } else say("You may not decide about it now."); };
  function edit() {
    const item = walk.present();
    const box = item?.classList.contains("claim") ? item.querySelector(".change") : null;
    if (box) { box.open = true; box.querySelector("textarea").focus(); return; }
    const number = (item || document).querySelector(".number input:not([disabled])");
    if (number) { number.focus(); number.select(); } else say("You may not edit it now.");
  }
  function comment() {
    const item = walk.present();
    const box = item && (item.querySelector(".talk") || walk.claim(item)?.querySelector(".talk"));
    if (box) { box.open = true; box.querySelector("textarea").focus(); return; }
    one("comments").parentElement.querySelector("textarea").focus();
  }
  // Accepting a part needs no other page: only its line and the count are put anew.
  all("form.accept").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const held = form.contains(document.activeElement);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "text/html" } });
      const now = new DOMParser().parseFromString(await answer.text(), "text/html");
      const line = now.getElementById(form.id);
      if (!answer.ok) { say(now.querySelector(".error")?.textContent || "That was not done."); return; }
      if (!line) { say("The server asks you to sign in again."); return; }
      form.replaceChildren(...line.childNodes);
      one("accepted").textContent = now.getElementById("accepted").textContent;
      if (held) form.querySelector("button")?.focus({ preventScroll: true });
    } catch { say("The server does not answer."); }
  }));
  function accept() {
    const form = walk.part(walk.present())?.querySelector("form.accept");
    if (form?.querySelector("button")) form.requestSubmit(); else say(form ? "You may not decide about it now." : "Choose a task or a dimension, or a claim of one.");
  }
  let finding = -1;
  function nextFinding() {
    const items = all(".findings > [data-finding]");
    if (!items.length) { say("There is no finding."); return; }
    finding = (finding + 1) % items.length;
    items[finding].tabIndex = -1;
    items[finding].focus({ preventScroll: true });
    items[finding].scrollIntoView({ block: "center" });
    const link = items[finding].querySelector(".goto");
    const claim = link && document.getElementById(link.hash.slice(1));
    if (claim) pane.show(claim);
  }
  keys({
    j: () => walk.move(1),
    k: () => walk.move(-1),
    o: () => { if (!walk.present()) walk.move(1); pane.show(walk.present()); },
    Enter: (event) => {
      const target = event.target.closest("a, button, summary");
      if (target) target.click(); else pane.show(walk.present());
    },
    e: edit,
    w: () => one("record")?.click(),
    f: nextFinding,
    c: comment,
    y: accept,
    a: () => {
      const button = document.querySelector("[data-key=a] button");
      if (button && !button.disabled) button.click(); else say(button ? "Findings are in the way of approval." : "You may not decide about it now.");
    },
    r: () => open("back"),
    x: () => open("no"),
    d: () => one("defer")?.requestSubmit(),
    t: () => one("take")?.requestSubmit(),
    u: () => { if (!deciding.undo() && editing.form) editing.undo(); },
    "/": () => one("search") ? one("search").focus() : pane.show(walk.present() || walk.items()[0]).then(() => one("search")?.focus()),
    q: () => { location.href = "/"; },
    "?": help,
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    all(".acts details[open]").forEach((open) => { open.open = false; });
    if (!typing(event.target)) return;
    const item = event.target.closest(".claim, .part");
    event.target.blur();
    if (item) walk.pick(walk.items().indexOf(item));
  });

  // Whoever does something keeps the review.
  let renewed = Date.now();
  const renew = () => {
    if (document.body.dataset.holds !== "yes" || Date.now() - renewed < 60000) return;
    renewed = Date.now();
    fetch(`${here}/renew`, { method: "POST", body: new URLSearchParams({ csrf }), headers: { accept: "application/json" } }).then((answer) => {
      if (answer.status === 409 || answer.status === 404) say("You do not hold this review any more. Load the page again.");
    }).catch(() => say("The server does not answer."));
  };
  ["keydown", "pointerdown", "scroll"].forEach((name) => document.addEventListener(name, renew, { passive: true }));
}

function standingPage() {
  const look = async () => {
    try {
      const state = await (await fetch(`${document.body.dataset.here}/state`)).json();
      if (state.revision || state.published || !(state.busy || ["running", "waiting"].includes(state.status))) { location.reload(); return; }
      const step = state.step || (state.busy ? "at work" : "waiting for its turn");
      if (one("step").textContent !== step) one("step").textContent = step;
      one("seconds").textContent = state.seconds;
      setTimeout(look, 1000);
    } catch { setTimeout(look, 4000); }
  };
  if (document.body.dataset.goesOn === "yes") setTimeout(look, 500);
  keys({ n: () => one("next")?.click(), q: () => { location.href = "/"; }, "?": help });
}

// The way back keeps what was typed; a form is sent once.
function confirmPage() {
  document.querySelector("form.once").addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  keys({ u: () => one("away").click(), q: () => { location.href = "/"; }, "?": help });
}

document.addEventListener("DOMContentLoaded", () => {
  const pages = { review: reviewPage, standing: standingPage, confirm: confirmPage };
  pages[document.body.dataset.page]?.();
});
