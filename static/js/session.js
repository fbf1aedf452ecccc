/* Warns before the session ends. Without this script the foot of each page tells when it does.
   The server decides; it is asked before anything is shown, since another tab may have been used.
   A page on which something is typed is not left when the session has ended: sent all the same, it
   is kept by the server until its user has signed in again. */
"use strict";

(() => {
  const ASK_AGAIN = 10_000; // ms
  const ANSWERED = 3000; // ms, within which a form that saves by itself (data-autosaves) knows
  const dialog = document.querySelector(".session-dialog");
  const find = (name) => dialog.querySelector(`.session-dialog__${name}`);
  const warning = Number(dialog.dataset.warning);
  let endsAt, final, asked = 0, spoken, dismissed = false, over = false;

  know({ left: Number(dialog.dataset.left), final: Boolean(dialog.dataset.final) });

  function know(session) {
    endsAt = Date.now() + session.left * 1000;
    final = session.final;
  }

  function left() {
    return Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  }

  async function ask(options) {
    const session = await (await fetch(document.body.dataset.session, options)).json();
    know(session);
    if ("ended" in session && !over) await end(session.ended);
  }

  async function end(reason) {
    over = true;
    if (document.querySelector("form[data-autosaves]")) await new Promise((done) => setTimeout(done, ANSWERED));
    const back = window.location.pathname + window.location.search;
    const query = new URLSearchParams(reason ? { ended: reason, next: back } : { next: back });
    const leave = () => window.location.assign(`${document.body.dataset.login}?${query}`);
    if (!isTyped()) return leave();
    find("leave").addEventListener("click", leave);
    for (const element of dialog.querySelectorAll("[data-when]")) element.hidden = element.dataset.when !== "over";
    if (dialog.open) dialog.close();
    dialog.showModal();
  }

  /* Whether anything stands in a form of this page that no server has yet: what was typed, what was
     refused (data-unsent), what could not be saved by itself (data-retry). */
  function isTyped() {
    const changed = (field) =>
      field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.type === "file" ? field.files.length > 0
      : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
    return [...document.querySelectorAll("main form")].some((form) => {
      if (form.method !== "post") return false;
      if ("autosaves" in form.dataset) return "retry" in form.dataset;
      return "unsent" in form.dataset || [...form.elements].some(changed);
    });
  }

  async function stay() {
    const token = document.querySelector("#logout [name=csrfmiddlewaretoken]").value;
    try {
      await ask({ method: "POST", headers: { "X-CSRFToken": token } });
      if (over) return;
      find("failed").hidden = true;
      dismissed = final; // nothing puts that end off: leave the time for saving
      dialog.close();
    } catch {
      find("failed").hidden = false;
    }
  }

  function inWords(seconds) {
    const minutes = Math.floor(seconds / 60);
    return (minutes ? `${minutes}分` : "") + (seconds % 60 || !minutes ? `${seconds % 60}秒` : "");
  }

  function show() {
    find("idle").hidden = final;
    find("final").hidden = !final;
    find("left").textContent = inWords(left());
    // Told anew only at each half minute: every second would talk without pause.
    const half = Math.ceil(left() / 30) * 30;
    if (half !== spoken) find("spoken").textContent = inWords((spoken = half));
    if (!dialog.open) dialog.showModal();
  }

  async function look() {
    if (over) return;
    if (left() <= warning && Date.now() - asked > ASK_AGAIN) {
      asked = Date.now();
      try {
        await ask();
      } catch {
        // Unreachable: what was known still holds.
      }
    }
    if (over) return;
    if (left() > warning) dialog.close();
    else if (!dismissed) show();
  }

  find("stay").addEventListener("click", stay);
  find("back").addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => {
    if (over) return; // closes
    event.preventDefault();
    stay();
  });
  setInterval(look, 1000);
  // A PC that slept has missed its time.
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
