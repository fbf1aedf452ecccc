/* What proves a finding is read once it is opened, as it takes as long as the rest of the page. Without
   this script a link leads to it. */
"use strict";

document.addEventListener(
  "toggle",
  async (event) => {
    const proof = event.target;
    if (!proof.matches?.("details[data-proof]") || !proof.open || proof.dataset.read) return;
    proof.dataset.read = "1";
    try {
      const answer = await fetch(proof.dataset.proof);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const body = page.querySelector(".proof-body");
      if (body) proof.querySelector("p").replaceWith(document.importNode(body, true));
    } catch {
      delete proof.dataset.read; // the link is left
    }
  },
  true,
);
