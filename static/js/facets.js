/* Fetches how many findings each condition would leave, once the list is there: counting takes longer
   than the list, which is not to wait for it. Without this script a link leads to the same counts. */
"use strict";

document.addEventListener("DOMContentLoaded", async () => {
  const place = document.querySelector("[data-facets]");
  if (!place) return;
  try {
    const answer = await fetch(place.dataset.facets, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    place.innerHTML = await answer.text();
  } catch {
    // The link stays.
  }
});
