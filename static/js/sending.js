/* The second click of a double one sends no form again. Without this script the server sees that it is
   the same (outsourcing/once.py, conflicts.py). */
"use strict";

(() => {
  const DOUBLE = 1000; // ms; later on it is meant, as where a file is taken out once more
  const sentAt = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (Date.now() - (sentAt.get(form) ?? 0) < DOUBLE) event.preventDefault();
    else sentAt.set(form, Date.now());
  });
})();
