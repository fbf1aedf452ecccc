/* Opens the forms of a contract's page where they are pressed: the page of the form is fetched and
   its form shown within the card, sent from there, and what it changed is put in place anew. Only one
   is open at a time; one that is closed keeps what was typed. Without this script the same links lead
   to the same forms as pages of their own. */
"use strict";

(() => {
  const told = document.getElementById("inplace-told");
  const typed = new Map(); // address → box of a form that was closed
  let open = null; // { box, host, link }

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  function say(text) {
    told.textContent = text;
  }

  function node(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  // --- Opening and closing ---------------------------------------------------

  async function show(link) {
    const host = link.closest("[data-host]");
    const address = link.href;
    if (open?.box.dataset.address === address) return focusOn(open.box);
    const known = typed.get(address);
    let box = known;
    if (!box) {
      say("読み込んでいます…");
      box = await boxOf(address);
      if (!box) return;
    }
    close({ back: false });
    const card = host.id && document.getElementById(host.id); // it may have been put in anew
    (card || host).append(box);
    open = { box, host: card || host, link };
    link.setAttribute("aria-expanded", "true");
    say("");
    if (!known) shown(box);
    focusOn(box);
  }

  async function boxOf(address) {
    let answer;
    try {
      answer = await fetch(address);
    } catch {
      say("サーバーに届きません。もう一度押してください。");
      return null;
    }
    const page = parse(await answer.text());
    if (!answer.ok || !page.querySelector("main form.form-page")) {
      location.assign(address); // the page itself says what is the matter
      return null;
    }
    const box = node("div", { className: "inplace", tabIndex: -1 });
    box.dataset.address = address;
    box.setAttribute("role", "group");
    box.addEventListener("submit", send);
    box.addEventListener("keydown", onKey);
    box.addEventListener("click", onClick);
    fill(box, page);
    return box;
  }

  function fill(box, page) {
    const main = page.querySelector("main");
    const title = main.querySelector("h1").textContent;
    const heading = node("h3", { textContent: title, className: "inplace__title" });
    box.setAttribute("aria-label", title);
    const parts = [...main.children].filter((part) => !part.matches(".page-head, .notice"));
    box.replaceChildren(heading, ...parts);
    const form = box.querySelector("form.form-page");
    form.action = box.dataset.address;
  }

  function shown(box) {
    box.dispatchEvent(new CustomEvent("inplace:shown", { bubbles: true }));
  }

  function focusOn(box) {
    const first = box.querySelector(".errors") || box.querySelector(
      "form :is(input:not([type=hidden]), select, textarea):not(:disabled)") || box.querySelector("button");
    (first || box).focus();
    box.scrollIntoView({ block: "nearest" });
  }

  function close({ back = true, keep = true } = {}) {
    if (!open) return;
    const { box, host, link } = open;
    open = null;
    if (keep) typed.set(box.dataset.address, box);
    else typed.delete(box.dataset.address);
    box.remove();
    link.removeAttribute("aria-expanded");
    if (back) (link.isConnected ? link : host).focus();
  }

  function onKey(event) {
    // Of a list of suggestions that is open Escape closes the list alone.
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    close();
    say("閉じました。入力した内容は、もう一度開くと残っています。");
  }

  function onClick(event) {
    const link = event.target.closest(".toolbar a.button");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    close({ keep: false });
    say("やめました。");
  }

  // --- Sending ---------------------------------------------------------------

  async function send(event) {
    const form = event.target.closest("form.form-page");
    if (!form || event.submitter?.name === "check") return;
    event.preventDefault();
    const box = form.closest(".inplace");
    const buttons = [...form.querySelectorAll("button")];
    if (buttons.some((button) => button.disabled)) return; // on its way already
    for (const button of buttons) button.disabled = true;
    say("送っています…");
    try {
      const body = new URLSearchParams(new FormData(form));
      await understand(await fetch(form.action, { method: "POST", body }), box, form);
    } catch {
      warn(box, "サーバーに届きません。入力は下に残っています。もう一度押してください。");
    }
    for (const button of buttons) button.disabled = false;
  }

  async function understand(answer, box, form) {
    const page = parse(await answer.text());
    const again = page.querySelector("main form.form-page");
    if (answer.ok && answer.redirected && page.querySelector("[data-refresh]")) return done(page);
    if ([200, 400, 409].includes(answer.status) && again && !answer.redirected) {
      fill(box, page);
      shown(box);
      say("");
      return focusOn(box);
    }
    if (answer.ok && answer.redirected && !page.querySelector("input[type=password]")) {
      return location.assign(answer.url); // another page than the contract's
    }
    if (answer.status === 403 || answer.redirected) return signedOut(box, form);
    if (answer.status === 404) return warn(box, "この記録は見つかりません。ほかの人が無効としたか、別の機関のものです。入力は下に残っています。");
    return warn(box, `サーバーの誤りで保存できませんでした（${answer.status}）。入力は下に残っています。しばらくしてからもう一度押してください。`);
  }

  /* The sign-in is over, or a new one has made the form's token void. The form stays; a new token is
     asked for, which there is once somebody has signed in again. */
  async function signedOut(box, form) {
    try {
      const answer = await fetch(box.dataset.address);
      const token = parse(await answer.text()).querySelector("main form.form-page [name=csrfmiddlewaretoken]");
      if (answer.ok && !answer.redirected && token) {
        form.elements.csrfmiddlewaretoken.value = token.value;
        return warn(box, "画面を開いた後にログインし直しています。まだ保存されていません。もう一度押してください。");
      }
      if (answer.status === 403) return warn(box, "この操作は許されていません。保存されていません。");
    } catch {
      // Told like a sign-in that is over: that is what was answered before.
    }
    return warn(box, "ログインの有効期間が終わっているため、保存されていません。入力は下に残っています。別のタブでログインしてから、もう一度押してください。");
  }

  function warn(box, text) {
    box.querySelector(".inplace__warning")?.remove();
    const warning = node("div", { className: "errors inplace__warning", tabIndex: -1 });
    warning.setAttribute("role", "alert");
    warning.append(node("p", { textContent: text }));
    box.querySelector(".inplace__title").after(warning);
    say("");
    warning.focus();
  }

  function done(page) {
    // A card that is new, else the one that was worked on; what was taken back has none.
    const cards = [...page.querySelectorAll(".tree__card")];
    const fresh = cards.find((card) => !document.getElementById(card.id));
    const anchor = fresh?.id || open.host.id;
    close({ back: false, keep: false });
    // What was put in place anew has lost the forms that were closed before: their links find them.
    for (const part of document.querySelectorAll("[data-refresh]")) {
      const now = page.getElementById(part.id);
      if (now) part.replaceWith(document.importNode(now, true));
    }
    const words = [...page.querySelectorAll("main > .notice[role]")].map((p) => p.textContent.trim());
    document.dispatchEvent(new CustomEvent("inplace:refreshed"));
    const target = document.getElementById(anchor) || document.getElementById("chain");
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus();
    say(words.join("　"));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-inplace]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
})();
