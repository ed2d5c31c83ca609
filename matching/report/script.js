"use strict";
// The list is complete without this script; it only makes it searchable, and opens all details for the printer.
const box = document.getElementById("search");
const list = document.getElementById("why-not-list");
if (box && list) {
  const items = [...list.children];
  const count = document.getElementById("search-count");
  const texts = items.map((item) => item.textContent.toLowerCase());
  box.closest(".search").hidden = false;
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, i) => {
      item.hidden = !words.every((word) => texts[i].includes(word));
      shown += item.hidden ? 0 : 1;
    });
    count.textContent = count.dataset.template.replace("#", shown).replace("#", items.length);
  };
  box.addEventListener("input", show);
  show();
}
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((one) => { one.open = true; });
});
addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));
