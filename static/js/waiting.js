/* What is saved while somebody's import is being written waits for it (on SQLite). After a second of
   waiting the page says so; without this script the browser alone shows that it waits. */
"use strict";

(() => {
  const PAUSE = 1000; // ms
  const address = document.body.dataset.carrying;

  async function tell() {
    try {
      const answer = await fetch(address, { redirect: "manual" });
      const words = answer.ok ? (await answer.text()).trim() : "";
      if (!words || document.querySelector("main > .carrying")) return;
      const said = new DOMParser().parseFromString(words, "text/html").body;
      document.getElementById("main").prepend(...said.childNodes);
      window.scrollTo(0, 0);
    } catch {
      // Left already, or unreachable: the browser says so itself.
    }
  }

  if (!address) return;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method === "post") setTimeout(tell, PAUSE);
  });
})();
