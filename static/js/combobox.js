/* Suggests contractors while one types into an input[data-combobox]: an editable combobox with a list
   below it, after the ARIA Authoring Practices; what is typed stays typed until an option is taken.
   Asked at a pause, and an answer that was overtaken is dropped, so that no key waits for the server.
   Where the body carries data-contractor-new, the last option opens the form of a new contractor in a
   dialog. Without this script the input takes a name or a 法人番号 as it is. */
"use strict";

(() => {
  const PAUSE = 120; // ms without a key
  const boxes = new WeakMap();
  let number = 0, dialog;

  class Box {
    constructor(input) {
      const id = `combobox-${++number}`;
      this.input = input;
      this.active = -1;
      this.options = [];
      this.list = element("ul", { id, role: "listbox", className: "combobox__list", hidden: true });
      this.list.setAttribute("aria-label", "候補");
      this.status = element("span", { className: "visually-hidden" });
      this.status.setAttribute("role", "status");
      const frame = element("span", { className: "combobox" });
      const focused = document.activeElement === input;
      input.before(frame);
      frame.append(input, this.list, this.status);
      if (focused) input.focus(); // moving it took the focus away
      for (const [name, value] of Object.entries({
        role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
        "aria-controls": id, "aria-haspopup": "listbox",
      })) input.setAttribute(name, value);
      input.addEventListener("input", (event) => event.isComposing || event.detail === this || this.later());
      input.addEventListener("compositionend", () => this.later());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      // Pressing must not take the focus out of the input, which would close the list first.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take(this.options.indexOf(option));
      });
    }

    get open() { return !this.list.hidden; }

    later() {
      clearTimeout(this.timer);
      this.asking?.abort();
      const text = this.input.value.trim();
      if (!text) return this.close();
      this.timer = setTimeout(() => this.ask(text), PAUSE);
    }

    async ask(text) {
      const asking = (this.asking = new AbortController());
      try {
        const address = `${document.body.dataset.contractorSuggest}?q=${encodeURIComponent(text)}`;
        const answer = await fetch(address, { signal: asking.signal, redirect: "error", headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        if (asking === this.asking && document.activeElement === this.input) this.show(suggestions, text);
      } catch {
        // Overtaken, unreachable or signed out: what is typed is read by the server all the same.
      }
    }

    show(suggestions, text) {
      this.options = suggestions.map((one) => option(one.text, [one.name, one.kana, one.number, one.note]));
      if (document.body.dataset.contractorNew) {
        const add = option("", [`「${text}」を新しく登録する`]);
        add.classList.add("combobox__new");
        this.options.push(add);
      }
      this.options.forEach((made, place) => { made.id = `${this.list.id}-${place}`; });
      this.list.replaceChildren(...this.options);
      this.select(-1);
      this.list.hidden = !this.options.length;
      if (this.open) this.list.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-expanded", String(this.open));
      const found = suggestions.length;
      this.status.textContent = found ? `候補が${found}件あります。上下の矢印キーで選べます。` : "候補はありません。";
    }

    close() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.asking = undefined;
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.status.textContent = "";
      this.select(-1);
    }

    select(place) {
      this.options[this.active]?.setAttribute("aria-selected", "false");
      this.active = place;
      const chosen = this.options[place];
      if (!chosen) return this.input.removeAttribute("aria-activedescendant");
      chosen.setAttribute("aria-selected", "true");
      chosen.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", chosen.id);
    }

    key(event) {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (!this.open) return event.altKey ? this.ask(this.input.value.trim()) : this.later();
        // Past either end lies the input itself.
        const places = this.options.length + 1;
        this.select(((this.active + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter" && this.open && this.active >= 0) {
        event.preventDefault();
        this.take(this.active);
      } else if (event.key === "Escape" && this.open) {
        event.preventDefault();
        event.stopPropagation(); // the dialog around it stays
        this.close();
      } else if (event.key === "Tab") {
        this.close();
      }
    }

    take(place) {
      const chosen = this.options[place], typed = this.input.value.trim();
      this.close();
      if (chosen.dataset.text) this.put(chosen.dataset.text);
      else adding().show(this, typed);
    }

    put(text) {
      this.input.value = text;
      this.input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: this }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.input.focus();
    }
  }

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  function option(text, [name, ...rest]) {
    const made = element("li", { className: "combobox__option" });
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.text = text;
    made.append(element("span", { className: "combobox__name", textContent: name }));
    const beside = rest.filter(Boolean).join("　");
    if (beside) made.append(" ", element("span", { className: "combobox__beside", textContent: beside }));
    return made;
  }

  /* The form of a new contractor, as the server makes it and answers to it. */
  class Adding {
    constructor() {
      this.dialog = element("dialog", { className: "add-dialog" });
      this.dialog.setAttribute("aria-labelledby", "add-dialog-title");
      const title = element("h2", { id: "add-dialog-title", textContent: "委託先の登録" });
      this.said = element("p", { className: "add-dialog__said" });
      this.said.setAttribute("role", "status");
      this.body = element("div");
      this.dialog.append(title, this.said, this.body);
      document.body.append(this.dialog);
      this.dialog.addEventListener("close", () => this.box.input.focus());
      this.dialog.addEventListener("click", (event) => {
        if (event.target.closest("[data-close]")) this.dialog.close();
      });
      this.dialog.addEventListener("submit", (event) => {
        event.preventDefault();
        this.send(event.target);
      });
    }

    async show(box, name) {
      this.box = box;
      this.body.replaceChildren();
      this.said.textContent = "読み込んでいます。";
      this.dialog.showModal();
      const address = `${document.body.dataset.contractorNew}?${new URLSearchParams({ fragment: 1, name })}`;
      await this.answered(fetch(address, { redirect: "error" }));
    }

    async send(form) {
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      this.said.textContent = "登録しています。";
      const body = new URLSearchParams(new FormData(form));
      await this.answered(fetch(form.action, { method: "POST", body, redirect: "error" }));
      button.disabled = false;
    }

    async answered(asked) {
      try {
        const answer = await asked;
        if (answer.status === 201) return this.added((await answer.json()).text);
        if (answer.status >= 500 || answer.status === 403) throw new Error(answer.status);
        this.put(await answer.text());
      } catch {
        this.said.textContent = "サーバーとやり取りできません。ログインしたままか確かめて、もう一度試してください。";
      }
    }

    put(html) {
      const made = new DOMParser().parseFromString(html, "text/html");
      // The page around it has fields of these names already.
      for (const node of made.querySelectorAll("[id]")) node.id = `add-${node.id}`;
      for (const node of made.querySelectorAll("[for]")) node.htmlFor = `add-${node.htmlFor}`;
      for (const node of made.querySelectorAll("a[href^='#']")) node.setAttribute("href", `#add-${node.getAttribute("href").slice(1)}`);
      for (const node of made.querySelectorAll("[aria-describedby]")) {
        const ids = node.getAttribute("aria-describedby").split(" ");
        node.setAttribute("aria-describedby", ids.map((id) => `add-${id}`).join(" "));
      }
      this.body.replaceChildren(...made.body.childNodes);
      this.said.textContent = "";
      (this.body.querySelector(".errors") || this.body.querySelector("input:not([type=hidden])"))?.focus();
    }

    added(text) {
      this.dialog.close();
      this.box.put(text);
      this.box.status.textContent = `${text}を登録しました。`;
    }
  }

  function adding() {
    return (dialog ??= new Adding());
  }

  function attach(root) {
    for (const input of root.querySelectorAll("input[data-combobox]")) {
      if (!boxes.has(input)) boxes.set(input, new Box(input));
    }
  }

  attach(document);
  // Rows and forms that are put in later.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) attach(node.parentElement || node);
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
