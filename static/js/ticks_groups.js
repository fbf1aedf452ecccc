/* Buttons that tick the boxes of a group, all, or none, at once. Without this script the server sends
   the page again with them ticked. */
"use strict";

for (const button of document.querySelectorAll("[data-ticks-group], [data-ticks-whole], [data-ticks-none]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const within = button.matches("[data-ticks-group]") ? button.closest("tbody") : button.form;
    const boxes = [...within.querySelectorAll("tbody input[type=checkbox]")];
    const group = button.matches("[data-ticks-group]") && boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = group || button.matches("[data-ticks-whole]");
    button.form.dispatchEvent(new Event("change")); // so that they are counted anew
  });
}
