/* Lists with boxes to tick: says how many are ticked, and ticks all at once. Without this script each
   box is ticked by itself, and the page that follows says how many there are. */
"use strict";

for (const form of document.querySelectorAll("form[data-ticks]")) {
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];
  const count = form.querySelector("[data-ticks-count]");
  const all = form.querySelector("[data-ticks-all]");

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    if (count) {
      count.hidden = false;
      count.textContent = `${ticked}件選択中`;
    }
    if (all) all.textContent = ticked < boxes.length ? all.dataset.ticksAll || "この画面のすべてを選ぶ" : "選択をすべて外す";
  }

  all?.addEventListener("click", () => {
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
    tell();
  });
  form.addEventListener("change", tell);
  // Gone back to, a page has the boxes as they were left.
  addEventListener("pageshow", tell);
  if (all && boxes.length) all.hidden = false;
  tell();
}
