/* Keeps a draft while one types, adds and takes out rows without loading the page, and lets Enter go
   on to the next field as in a spreadsheet. Typing never waits for the server: what it does not
   answer stays on the page and is sent again. Without this script buttons do the same. */
"use strict";

(() => {
  const PAUSE = 500; // ms without a key
  const AGAIN = 3000; // ms until a server that did not answer is tried again
  const PATIENCE = 10_000; // ms until it counts as not answering
  const form = document.getElementById("entry");
  const find = (name) => form.querySelector(`[data-${name}]`);
  const version = form.elements.version;
  let timer, saving = false, dirty = false, stale = false, leaving = false, pressed = null;

  // --- Keeping ---------------------------------------------------------------

  function content() {
    const data = new URLSearchParams(new FormData(form));
    data.set("act", "keep");
    data.set("fragment", "1");
    return data;
  }

  function say(text) {
    find("saved").textContent = text;
  }

  function later(ms = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(keep, ms);
  }

  function typed() {
    dirty = true;
    if (!stale) later();
  }

  async function keep() {
    if (saving || !dirty || leaving) return;
    saving = true;
    dirty = false;
    say("保存しています…");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: content(), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (!leaving) await understand(answer);
    } catch {
      failed("サーバーに届きません。入力はこの画面に残っています。");
    }
    saving = false;
    if (pressed) return sendOn();
    if (dirty && !stale) later(form.dataset.retry ? AGAIN : PAUSE);
  }

  async function understand(answer) {
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (json && answer.ok) return kept(await answer.json());
    if (json && answer.status === 409) return overtaken(await answer.json());
    if (answer.type === "opaqueredirect" || answer.status === 403) return signedOut();
    failed("保存できませんでした。入力はこの画面に残っています。");
  }

  function kept(said) {
    version.value = said.version;
    delete form.dataset.retry;
    find("out").hidden = true;
    say(`下書きに保存しました（${said.saved}）`);
  }

  function failed(why) {
    dirty = true;
    form.dataset.retry = "1";
    say(why);
  }

  function overtaken(said) {
    dirty = stale = true;
    form.dataset.newer = said.version;
    find("stale").hidden = false;
    say("まだ保存していません。");
  }

  find("overwrite").addEventListener("click", () => {
    version.value = form.dataset.newer;
    stale = false;
    find("stale").hidden = true;
    typed();
  });

  /* Signed in again in another tab, the page gets the token that goes with it, and goes on. */
  async function signedOut() {
    failed("ログインが終わったため、まだ保存していません。");
    try {
      const answer = await fetch(location.href, { redirect: "manual" });
      const token = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#entry [name=csrfmiddlewaretoken]");
      find("out").hidden = Boolean(token);
      if (token) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    } catch {
      find("out").hidden = false;
    }
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // The page is left, or the PC is shut: what is not kept yet is handed to the browser to send.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && dirty && !saving && !stale) navigator.sendBeacon(form.action || location.href, content());
  });
  form.addEventListener("submit", (event) => {
    if (leaving) return event.preventDefault(); // a second click
    clearTimeout(timer);
    if (saving) {
      // What is just being kept would be newer than what the form was opened with: that first.
      event.preventDefault();
      pressed = event.submitter;
      return;
    }
    leaving = true;
    setTimeout(() => (leaving = false), 10_000);
  });

  function sendOn() {
    const button = pressed;
    pressed = null;
    form.requestSubmit(button);
  }

  // --- Rows ------------------------------------------------------------------

  const rows = (kind) => [...form.querySelectorAll(`[data-rows="${kind}"] > [data-row]`)];
  const control = (row, name) => row.querySelector(`[name="${row.dataset.kind}-${row.dataset.row}-${name}"]`);

  function add(kind, under = "") {
    const taken = rows(kind).map((row) => Number(row.dataset.row));
    const number = String(Math.max(-1, ...taken) + 1);
    const made = document.createElement("div");
    made.innerHTML = find(`new="${kind}"`).innerHTML.replaceAll("__n__", number);
    const row = made.querySelector("[data-row]");
    const above = under && rows("links").find((one) => one.dataset.row === under);
    if (above) lowest(above).after(row);
    else form.querySelector(`[data-rows="${kind}"]`).append(row);
    if (kind === "links") {
      control(row, "under").dataset.wanted = under;
      drawn();
    } else {
      numbered(kind);
      if (kind === "visits") targets(row);
    }
    (kind === "links" ? control(row, "contractor") : row.querySelector("input:not([type=hidden]), select")).focus();
    typed();
  }

  function lowest(row) {
    const below = rows("links").filter((one) => control(one, "under").value === row.dataset.row);
    return below.length ? lowest(below.at(-1)) : row;
  }

  function remove(row) {
    const kind = row.dataset.kind;
    if (kind === "links") {
      const above = control(row, "under").value;
      for (const one of rows("links")) {
        const under = control(one, "under");
        if (under.value === row.dataset.row) under.dataset.wanted = above;
      }
    }
    const list = row.parentElement;
    row.remove();
    if (kind === "links") drawn();
    else numbered(kind);
    list.closest("section").querySelector(`[data-add="${kind}"]:not([data-row] *)`).focus();
    typed();
    form.dispatchEvent(new Event("check:now"));
  }

  function numbered(kind) {
    rows(kind).forEach((row, index) => {
      for (const place of row.querySelectorAll("[data-number]")) place.textContent = index + 1;
    });
  }

  const named = (row) => `再委託（${row.querySelector("[data-number]").textContent}）${control(row, "contractor").value.slice(0, 20)}`;

  /* What hangs under what, and what can be inspected, follow the rows there are. */
  function drawn() {
    numbered("links");
    const links = rows("links");
    const unders = new Map();
    for (const row of links) {
      const under = control(row, "under");
      const wanted = under.dataset.wanted ?? under.value;
      delete under.dataset.wanted;
      under.replaceChildren(new Option("委託先", ""), ...links.filter((one) => one !== row).map((one) => new Option(named(one), one.dataset.row)));
      under.value = wanted;
      if (under.selectedIndex < 0) under.value = "";
      unders.set(row.dataset.row, under.value);
    }
    for (const row of links) {
      let depth = 1;
      for (let at = unders.get(row.dataset.row); at && depth <= links.length; at = unders.get(at)) depth += 1;
      row.className = `entry-row entry-row--depth-${Math.min(depth, 6)}`;
      const awaits = row.querySelector("[data-awaits]");
      if (awaits) awaits.hidden = Boolean(control(row, "approval_result").value);
    }
    rows("visits").forEach(targets);
  }

  function targets(visit) {
    const place = visit.querySelector("[data-targets]");
    const chosen = new Set([...place.querySelectorAll("input:checked")].map((box) => box.value));
    place.replaceChildren(...rows("links").map((row) => {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: `visits-${visit.dataset.row}-targets`, value: row.dataset.row, checked: chosen.has(row.dataset.row) });
      label.className = "choice";
      label.append(box, named(row));
      return label;
    }));
  }

  form.addEventListener("change", (event) => {
    if (/^links-\d+-(under|contractor|approval_result)$/.test(event.target.name)) drawn();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (button?.dataset.add) {
      event.preventDefault();
      add(button.dataset.add, button.dataset.add === "links" && row ? row.dataset.row : "");
    } else if (button && "remove" in button.dataset) {
      event.preventDefault();
      remove(row);
    }
  });

  // --- Enter goes on to the next field -----------------------------------------

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    if (event.ctrlKey || !field.matches("input:not([type=submit]), select")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button, summary")];
    const next = fields.slice(fields.indexOf(field) + 1).find((one) => one.tabIndex >= 0 && one.checkVisibility());
    next?.focus();
    if (next?.select && next.type === "text") next.select();
  });
})();
