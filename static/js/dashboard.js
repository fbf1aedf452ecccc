/* Parts of the dashboard that take longer are asked for once the page is there, side by side. Without
   this script a link leads to each. */
"use strict";

for (const part of document.querySelectorAll("[data-part]")) {
  fetch(part.dataset.part)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      const body = page.querySelector(".part-body");
      if (body) part.replaceChildren(document.importNode(body, true));
    })
    .catch(() => {}); // the link is left
}
