/* Says how far a file is that the server makes aside: asks once a second and puts the answer where the
   old one stands, until it is done; where the page then has more to say (data-reload) it is opened anew.
   Without this script a link on the page shows the same. */
"use strict";

(() => {
  const PAUSE = 1000; // ms
  const place = document.querySelector("[data-progress]");

  async function ask() {
    try {
      const answer = await fetch(place.dataset.progress, { redirect: "manual" });
      if (answer.ok) {
        const made = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        if (made.innerHTML !== place.innerHTML) place.replaceChildren(...made.childNodes);
      }
    } catch {
      // Unreachable: what stands is left, and it is asked again.
    }
    if (place.querySelector("[data-reload]")) location.reload();
    else if (!place.querySelector("[data-done]")) setTimeout(ask, PAUSE);
  }

  if (place && !place.querySelector("[data-done]")) setTimeout(ask, PAUSE);
})();
