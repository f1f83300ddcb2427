"use strict";
// Leads from two roles to their comparison; without it the list below leads there.
(() => {
  const form = document.getElementById("pick");
  const place = document.getElementById("picked");
  const { from, to } = form.elements;
  const link = (address, words) => {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = words;
    return made;
  };
  const show = () => {
    const [a, b] = [from.selectedOptions[0], to.selectedOptions[0]];
    if (a.index === b.index) {
      place.replaceChildren("Choose two different roles.");
    } else if (a.dataset.with.split(" ").includes(String(b.index))) {
      const address = `${encodeURIComponent(a.value)}--${encodeURIComponent(b.value)}.html`;
      place.replaceChildren(link(address, `From ${a.text} to ${b.text}`));
    } else {
      const address = `../roles/${encodeURIComponent(a.value)}/next.html#beside`;
      place.replaceChildren("These two have no page of their own. ", link(address, `Every role beside ${a.text}`));
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const way = place.querySelector("a");
    if (way) location.assign(way.href);
  });
  // A browser fills a form in again when one comes back to the page.
  addEventListener("pageshow", show);
  to.selectedIndex = 1;
  form.hidden = false;
  show();
})();
