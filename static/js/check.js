/* Tells, while one types, what the rules would say were the form sent: posts it with "check" to where
   it goes anyway, and puts the answer beside it. Typing never waits for it; an answer that comes too
   late is dropped. Without this script a button asks for the same. */
"use strict";

(() => {
  const PAUSE = 250; // ms without a key

  function watch(form) {
    const panel = form.querySelector(".trial") || document.getElementById(form.dataset.check);
    let timer, asking;
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      data.set("check", "1");
      data.set("fragment", "1");
      const address = form.dataset.checkAt || form.action || location.href;
      try {
        const answer = await fetch(address, { method: "POST", body: new URLSearchParams(data), signal: asking.signal, redirect: "manual" });
        const html = await answer.text();
        if (answer.headers.get("Content-Type")?.startsWith("text/html") && answer.status < 500 && answer.status !== 403) put(html);
      } catch {
        // Unreachable, signed out, or overtaken by the next key: what stands is left.
      }
    }

    function put(html) {
      // An answer that says the same is not read aloud again.
      const made = new DOMParser().parseFromString(html, "text/html").body;
      if (made.innerHTML !== panel.innerHTML) panel.replaceChildren(...made.childNodes);
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("check:now", later);
    if (form.dataset.checkAt) later();
  }

  for (const form of document.querySelectorAll("form[data-check]")) watch(form);
  document.addEventListener("inplace:shown", (event) => {
    for (const form of event.target.querySelectorAll("form[data-check]")) watch(form);
  });
})();
