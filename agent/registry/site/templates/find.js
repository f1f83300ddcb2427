"use strict";
// Narrows the list and puts it in order; without it the whole list stands, by name.
(() => {
  const form = document.getElementById("find");
  const count = document.getElementById("count");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = Array.from(document.querySelectorAll("table.roles tbody tr"), (row) => ({
    row,
    text: fold(row.textContent + " " + row.dataset.also),
    tags: row.dataset.tags.split(" "),
    score: Number(row.dataset.score),
  }));
  const body = document.querySelector("table.roles tbody");
  let order = "";
  const sort = (wanted) => {
    if (wanted === order) return;
    order = wanted;
    // The order is stable, so that equal scores stay by name.
    const sorted = order ? [...rows].sort((a, b) => Number(order) * (a.score - b.score)) : rows;
    body.append(...sorted.map(({ row }) => row));
  };
  const show = () => {
    const { words, zone, tag, level } = form.elements;
    sort(form.elements.order.value);
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text, tags } of rows) {
      const fits =
        wanted.every((word) => text.includes(word)) &&
        (!zone.value || zone.value === row.dataset.zone) &&
        (!tag.value || tags.includes(tag.value)) &&
        (!level.value || level.value === row.dataset.level);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = `${shown} of ${rows.length} roles`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  // A browser fills a form in again when one comes back to the page.
  addEventListener("pageshow", show);
  form.hidden = false;
  show();
})();
