"use strict";
// Your own week: the arithmetic of agent/scoring in whole numbers. Every constant comes with the page.
const ownWeek = (() => {
  const ZONES = ["GREEN", "YELLOW", "RED"];
  const WORD = { GREEN: "Green", YELLOW: "Yellow", RED: "Red" };
  const NEXT = { GREEN: ["YELLOW"], YELLOW: ["GREEN", "RED"], RED: ["YELLOW"] };
  const TOTALS = ["evidence", "barriers", "growth"];
  const isShare = (text, total) => /^(0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= total;
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const same = (a, b) => a.every((value, i) => value === b[i]);

  // A half goes towards plus infinity; the division of BigInt cuts towards zero.
  function halfUp(a, b) {
    const up = 2n * a + b, whole = up / (2n * b);
    return up % (2n * b) < 0n ? whole - 1n : whole;
  }

  function decimal(a, b, places) {
    const units = halfUp(a * 10n ** BigInt(places), b);
    const text = String(units < 0n ? -units : units).padStart(places + 1, "0");
    return `${units < 0n ? "-" : ""}${text.slice(0, -places)}.${text.slice(-places)}`;
  }

  const shown = (tenths) => decimal(BigInt(tenths), 10n, 1);

  // Ten times the score, times the divisor.
  function exact(formula, point) {
    const factors = TOTALS.map((key) => BigInt(formula[key][1] + formula[key][0] * point[key]));
    const product = factors.reduce((a, b) => a * b, BigInt(point.tasks));
    return BigInt(formula.gain) * product - BigInt(formula.offset);
  }

  function tenths(formula, point) {
    const value = Number(halfUp(exact(formula, point), BigInt(formula.divisor)));
    return Math.min(Math.max(value, formula.low), formula.high);
  }

  function zone(policy, value) {
    return value >= 10 * policy.green_line ? "GREEN" : value >= 10 * policy.yellow_line ? "YELLOW" : "RED";
  }

  function kind(policy, here, point, exposed) {
    if (here === "YELLOW") return exposed >= policy.urgent_share ? "Urgent" : "Moderate";
    if (here === "GREEN") {
      if (point.growth >= policy.accelerated_growth) return "Accelerated";
      return exposed >= policy.transforming_share ? "Transforming" : "Stable";
    }
    const [limit, of] = policy.imminent_tr_below;
    const imminent = point.tasks * of < limit * policy.formula.scale
      && point.evidence <= policy.imminent_evidence && point.barriers <= policy.imminent_barriers;
    return imminent ? "Imminent" : "";
  }

  function levers(policy, week, shares, point) {
    const tasks = week.scores.map((value, i) => (
      { key: "tasks", value, range: policy.ranges.task, each: -policy.formula.per_share * shares[i], good: -1 }
    )).filter((_, i) => shares[i]);
    return tasks.concat(TOTALS.map((key) => (
      { key, value: point[key], range: policy.ranges[key], each: 1, good: 1 }
    )));
  }

  const inside = ({ value, range }, by) => range[0] <= value + by && value + by <= range[1];
  const moved = (point, { key, each }, by) => ({ ...point, [key]: point[key] + each * by });

  function verdict(here, steps, flips) {
    if (!flips.length) return `No single step of ${steps} changes the zone.`;
    const count = (name) => flips.filter((flip) => flip === name).length;
    const parts = ZONES.filter((name) => count(name) || NEXT[here].includes(name))
      .map((name) => `${count(name) || "none"} to ${WORD[name]}`);
    const change = flips.length === 1 ? "changes" : "change";
    return `${flips.length} of ${steps} single steps ${change} the zone: ${parts.join(", ")}.`;
  }

  // The view of `week` at `shares`, whole percent in task order that sum to 100.
  function result(policy, week, shares) {
    const { formula, robustness_step: step } = policy;
    const weighted = sum(shares.map((share, i) => share * week.scores[i]));
    const evidence = sum(week.evidence.map((value) => value ?? policy.unknown_value));
    const unknown = week.evidence.filter((value) => value === null).length;
    const point = {
      tasks: formula.top - formula.per_share * weighted, evidence, barriers: sum(week.barriers), growth: week.growth,
    };
    const score = tenths(formula, point), here = zone(policy, score);
    const exposed = sum(shares.filter((_, i) => week.scores[i] >= policy.exposed_score));
    const all = levers(policy, week, shares, point);
    const table = all.flatMap((lever) => [-step, step].filter((by) => inside(lever, by))
      .map((by) => zone(policy, tenths(formula, moved(point, lever, by)))));
    const joint = (sign) => tenths(formula, all.reduce((at, lever) => {
      const by = sign * lever.good * step;
      return inside(lever, by) ? moved(at, lever, by) : at;
    }, point));
    const ends = [joint(-1), joint(1)];
    const span = [-1, 1].map((sign) => shown(
      tenths(formula, { ...point, evidence: evidence + sign * unknown * policy.unknown_span })
    ));
    const named = kind(policy, here, point, exposed), flips = table.filter((there) => there !== here);
    return {
      tenths: score,
      score: shown(score),
      unrounded: decimal(exact(formula, point), 10n * BigInt(formula.divisor), 12),
      task_resistance: decimal(BigInt(point.tasks), BigInt(formula.scale), 2),
      zone: here,
      label: named ? `${here} (${named})` : here,
      steps: table.length,
      flips: flips.length,
      verdict: verdict(here, table.length, flips),
      joint: ends.map(shown),
      joint_zones: ends.map((value) => zone(policy, value)),
      unknown: unknown ? span : null,
    };
  }

  // The published shares of the tasks that are done, scaled by largest remainder; the earlier task wins a tie.
  function scaled(published, done, total) {
    const whole = sum(published.filter((_, i) => done[i]));
    const parts = published.map((share, i) => (done[i] ? share * total : 0));
    const shares = parts.map((part) => Math.floor(part / whole));
    const order = parts.map((_, i) => i).filter((i) => done[i])
      .sort((a, b) => parts[b] % whole - parts[a] % whole || a - b);
    for (const i of order.slice(0, total - sum(shares))) shares[i] += 1;
    return shares;
  }

  // What keeps shares, given as text, from being computed; nothing when they can be.
  function problem(texts, names, total) {
    for (const [i, text] of texts.entries()) {
      if (!isShare(text, total)) {
        return `${names[i]}: found ${text || "no whole number"}, expected a whole percent, 0 to ${total}.`;
      }
    }
    const found = sum(texts.map(Number)), off = found - total;
    if (!found) return `No task has a share; expected shares that sum to ${total}.`;
    return off ? `Your shares sum to ${found}, ${Math.abs(off)} too ${off > 0 ? "many" : "few"}: expected exactly ${total}.` : "";
  }

  const digits = (revision) => revision.replace("sha256:", "").slice(0, 12);

  function fragment(ids, shares, revision) {
    return `#t=${ids.map((id, i) => `${id}:${shares[i]}`).join(",")}&v=1&r=${digits(revision)}`;
  }

  // The shares of a fragment as numbers in task order, or what is wrong with it.
  function parse(text, ids, revision, total) {
    const parts = text.slice(text.lastIndexOf("#") + 1).split("&").map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    });
    const found = Object.fromEntries(parts);
    if (parts.map(([key]) => key).sort().join() !== "r,t,v" || found.v !== "1") {
      return { problem: "This link is not one that this page understands." };
    }
    if (found.r !== digits(revision)) {
      return { problem: `This link was made for revision ${found.r} of a page, and this is ${digits(revision)}: its shares are not shown.` };
    }
    const pairs = found.t.split(",").map((pair) => {
      const at = pair.indexOf(":");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    });
    const given = new Map(pairs), strange = pairs.find(([id]) => !ids.includes(id));
    if (strange) return { problem: `This link names the task ${strange[0]}, which this page does not have.` };
    if (given.size < pairs.length) return { problem: "This link names a task twice." };
    const texts = ids.map((id) => given.get(id) ?? "0"), wrong = problem(texts, ids, total);
    return wrong ? { problem: `This link cannot be shown. ${wrong}` } : { shares: texts.map(Number) };
  }

  // The same file as `assess-role personal --save` writes.
  function file(role, ids, shares, revision) {
    const own = Object.fromEntries(ids.map((id, i) => [id, shares[i]]));
    return `${JSON.stringify({ format: "assess-role/personal/1", role, revision, shares: own }, null, 2)}\n`;
  }

  function against(tenths, other, name) {
    const by = tenths - other;
    if (!by) return `the same as the ${name} ${shown(other)}`;
    return `${shown(Math.abs(by))} points ${by > 0 ? "above" : "below"} the ${name} ${shown(other)}`;
  }

  // A row of the table; its controls are named by their column and by their task.
  function row(section, id, name, share) {
    const made = section.querySelector("template").content.cloneNode(true), task = made.querySelector("th");
    task.id = id;
    task.textContent = name;
    made.querySelector("td").textContent = `${share}%`;
    for (const input of made.querySelectorAll("input")) input.setAttribute("aria-labelledby", `${input.getAttribute("aria-labelledby")} ${id}`);
    return made;
  }

  function start(section) {
    const week = JSON.parse(section.dataset.week);
    const { policy, ids, published, revision } = week, total = policy.share_total;
    const role = document.querySelector("h1").textContent;
    const part = (name) => section.querySelector(`[data-part="${name}"]`);
    const names = [...document.querySelectorAll("#tasks tbody th")].map((cell) => cell.textContent);
    names.forEach((name, i) => section.querySelector("tbody").append(row(section, `own-task-${i}`, name, published[i])));
    const inputs = [...section.querySelectorAll("input[type=number]")];
    const ticks = [...section.querySelectorAll("input[type=checkbox]")];
    const page = location.href.split("#")[0];
    const numbers = () => inputs.map((input) => Number(input.value));
    let before = published;

    const say = (name, text) => {
      part(name).textContent = text;
      part(name).hidden = !text;
    };

    function show(refused = "") {
      const texts = inputs.map((input) => input.value.trim()), wrong = problem(texts, names, total);
      before = numbers();
      inputs.forEach((input, i) => {
        ticks[i].checked = Number(input.value) > 0;
        input.setAttribute("aria-invalid", String(!isShare(texts[i], total)));
      });
      const found = sum(before);
      part("sum").textContent = Number.isInteger(found) ? `${found}%` : "–";
      say("note", "");
      say("problem", wrong || refused);
      part("result").hidden = Boolean(wrong);
      for (const button of section.querySelectorAll("button[data-needs]")) button.disabled = Boolean(wrong);
      const as = same(before, published);
      section.classList.toggle("unchanged", as);
      if (wrong) return;
      const view = result(policy, week, before), firm = view.joint_zones.map((name) => WORD[name]);
      part("score").textContent = view.score;
      part("label").textContent = view.label;
      part("label").className = `zone ${view.zone}`;
      const formula = week.formula === week.score ? "" : `, ${against(view.tenths, week.formula, "formula score")}`;
      say("against", `It is ${against(view.tenths, week.score, "published score")}${formula}.`);
      say("verdict", view.verdict);
      say("joint", `Everything one step worse gives ${view.joint[0]}, ${firm[0]}; one step better ${view.joint[1]}, ${firm[1]}.`);
      say("unknown", view.unknown ? `With the unknown evidence at −1 to +1 it spans ${view.unknown.join(" to ")}.` : "");
      const ticked = !as && before.includes(0) && same(before, scaled(published, before.map(Boolean), total));
      part("scaled").hidden = !ticked;
    }

    function set(shares, refused) {
      inputs.forEach((input, i) => { input.value = shares[i]; });
      show(refused);
    }

    // The address keeps the last shares that could be computed, and nothing of the published ones.
    function keep() {
      if (part("result").hidden) return;
      if (!section.classList.contains("unchanged")) history.replaceState(null, "", fragment(ids, before, revision));
      else if (location.hash.startsWith("#t=")) history.replaceState(null, "", page);
    }

    function tick(at) {
      const done = ticks.map((box) => box.checked);
      const only = !sum(before) || same(before, scaled(published, before.map(Boolean), total));
      if (only && done.includes(true)) set(scaled(published, done, total));
      else {
        inputs[at].value = done[at] ? published[at] : 0;
        show();
      }
      keep();
    }

    function load() {
      if (!location.hash.startsWith("#t=")) return;
      const found = parse(location.hash, ids, revision, total);
      set(found.shares ?? published, found.problem);
      section.scrollIntoView({ behavior: "instant" });
    }

    const does = {
      async copy() {
        const link = fragment(ids, before, revision);
        history.replaceState(null, "", link);
        try {
          await navigator.clipboard.writeText(page + link);
          say("note", "The link is copied.");
        } catch {
          say("note", "The link stands in the address bar: copy it there.");
        }
      },
      save() {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([file(role, ids, before, revision)], { type: "application/json" }));
        link.download = "own-week.json";
        link.click();
        URL.revokeObjectURL(link.href);
        say("note", "Saved as own-week.json.");
      },
      reset() {
        set(published);
        keep();
      },
    };
    inputs.forEach((input) => input.addEventListener("input", () => { show(); keep(); }));
    ticks.forEach((box, at) => box.addEventListener("change", () => tick(at)));
    for (const button of section.querySelectorAll("button")) {
      button.addEventListener("click", () => does[button.dataset.does]());
    }
    set(published);
    for (const hidden of document.querySelectorAll("[data-own][hidden]")) hidden.hidden = false;
    addEventListener("hashchange", load);
    load();
  }

  return { result, scaled, fragment, parse, file, against, start };
})();
if (typeof document !== "undefined") ownWeek.start(document.getElementById("own"));
