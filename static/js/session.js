/* Warns before the session ends. Without this script the foot of each page tells when it does.
   The server decides; it is asked before anything is shown, since another tab may have been used. */
"use strict";

(() => {
  const ASK_AGAIN = 10_000; // ms
  const dialog = document.querySelector(".session-dialog");
  const find = (name) => dialog.querySelector(`.session-dialog__${name}`);
  const warning = Number(dialog.dataset.warning);
  let endsAt, final, asked = 0, spoken, dismissed = false;

  know({ left: Number(dialog.dataset.left), final: Boolean(dialog.dataset.final) });

  function know(session) {
    endsAt = Date.now() + session.left * 1000;
    final = session.final;
  }

  function left() {
    return Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  }

  async function ask(options) {
    const session = await (await fetch(dialog.dataset.session, options)).json();
    know(session);
    if ("ended" in session) leave(session.ended);
  }

  function leave(reason) {
    const back = window.location.pathname + window.location.search;
    const query = new URLSearchParams(reason ? { ended: reason, next: back } : { next: back });
    window.location.assign(`${dialog.dataset.login}?${query}`);
  }

  async function stay() {
    const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      await ask({ method: "POST", headers: { "X-CSRFToken": token } });
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
    if (left() <= warning && Date.now() - asked > ASK_AGAIN) {
      asked = Date.now();
      try {
        await ask();
      } catch {
        // Unreachable: what was known still holds.
      }
    }
    if (left() > warning) dialog.close();
    else if (!dismissed) show();
  }

  find("stay").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  setInterval(look, 1000);
  // A PC that slept has missed its time.
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
