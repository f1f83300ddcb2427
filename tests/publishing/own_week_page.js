// As much of a page as the script of the own week touches, for an engine without one.
const element = (more = {}) => ({
  attributes: {}, classes: new Set(), listeners: {}, dataset: {}, hidden: false, disabled: false, textContent: "",
  classList: null,
  setAttribute(name, value) { this.attributes[name] = value; },
  getAttribute(name) { return this.attributes[name]; },
  addEventListener(name, does) { (this.listeners[name] ??= []).push(does); },
  fire(name) { for (const does of this.listeners[name] ?? []) does(); },
  click() { this.fire("click"); },
  ...more,
});

// A row of the template, its controls named by their columns.
function aRow() {
  const cells = { th: element(), td: element() }, tick = element({ checked: true }), field = aField();
  tick.setAttribute("aria-labelledby", "own-done");
  field.setAttribute("aria-labelledby", "own-share");
  return { ...cells, tick, field, querySelector: (name) => cells[name], querySelectorAll: () => [tick, field] };
}

// A field holds text, whatever it is given.
function aField() {
  let text = "";
  const field = element();
  return Object.defineProperty(field, "value", { get: () => text, set: (value) => { text = String(value); } });
}

const calls = { copied: [], saved: [], scrolled: 0 };
const listeners = {};
const location = { href: "file:///page/index.html", hash: "" };
const navigator = { clipboard: { async writeText(text) { calls.copied.push(text); } } };
const history = {
  replaceState(_, __, url) { location.hash = url.includes("#") ? url.slice(url.indexOf("#")) : ""; },
};
const addEventListener = (name, does) => { listeners[name] = does; };
const Blob = class { constructor(parts, { type }) { calls.saved.push({ text: parts.join(""), type }); } };
const URL = { createObjectURL: () => "blob:1", revokeObjectURL() {} };

function aPage(week, role, names) {
  const parts = {}, rows = [], found = {
    "input[type=number]": [],
    "input[type=checkbox]": [],
    button: ["copy", "save", "reset"].map((does) => element({ dataset: { does } })),
  };
  found["button[data-needs]"] = found.button.slice(0, 2);
  const section = element({
    hidden: true,
    dataset: { week: JSON.stringify(week) },
    querySelector: (selector) => ({
      template: { content: { cloneNode: aRow } },
      tbody: {
        append(row) {
          rows.push(row);
          found["input[type=number]"].push(row.field);
          found["input[type=checkbox]"].push(row.tick);
        },
      },
    })[selector] ?? (parts[selector.slice(12, -2)] ??= element()),
    querySelectorAll: (selector) => found[selector],
    scrollIntoView() { calls.scrolled += 1; },
  });
  section.classList = { toggle: (name, on) => section.classes[on ? "add" : "delete"](name),
    contains: (name) => section.classes.has(name) };
  globalThis.document = {
    querySelector: () => element({ textContent: role }),
    querySelectorAll: (selector) => (
      selector === "#tasks tbody th" ? names.map((textContent) => element({ textContent })) : section.hidden ? [section] : []
    ),
    createElement: () => element(),
  };
  return {
    section,
    type(at, text) { found["input[type=number]"][at].value = text; found["input[type=number]"][at].fire("input"); },
    tick(at) {
      const box = found["input[type=checkbox]"][at];
      box.checked = !box.checked;
      box.fire("change");
    },
    press(name) { found.button.find((button) => button.dataset.does === name).click(); },
    go(hash) { location.hash = hash; listeners.hashchange(); },
    rows: () => rows.map(({ th, td, tick, field }) => [
      th.id, th.textContent, td.textContent, tick.attributes["aria-labelledby"], field.attributes["aria-labelledby"],
    ]),
    state: () => ({
      values: found["input[type=number]"].map((input) => Number(input.value)),
      ticks: found["input[type=checkbox]"].map((box) => box.checked),
      invalid: found["input[type=number]"].map((input) => input.attributes["aria-invalid"] === "true"),
      disabled: found.button.map((button) => button.disabled),
      hash: location.hash,
      hidden: section.hidden,
      unchanged: section.classes.has("unchanged"),
      ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.hidden ? "" : part.textContent])),
      result: !parts.result.hidden,
      scaled: !parts.scaled.hidden,
    }),
  };
}
