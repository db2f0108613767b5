/* What script adds to pages that already work without it. Nothing here decides anything: the server checks it all again.

   data-cnpj            input: masks a CNPJ while it is typed and says when its check digits do not match
   data-dropzone        wrapper of a file input: accepts dropped files and lists what was chosen; data-max-bytes warns of size
   data-remember="key"  checkbox: keeps its state in this browser
   data-copy="text"     adds a button that copies the text
   data-focus           takes the focus when the page opens (the error summary)
   data-matrix          table: arrows move between cells
   .scroll > .table     on a phone its rows become blocks, each cell under the name of its column
   data-when="name" data-is="a b"   shown only while the control of that name has one of these values
   data-live="seconds"  regions with an id, read again from this same address until none asks for it any more
   data-live-end        region with an id, read again once, when those have ended
   data-count           textarea with maxlength: says how many characters are left
   data-preview="id"    form: while it is typed in, the element of that id is read again from the form's own answer
   data-guard           form: leaving the page with something typed and not sent asks first
   data-check           text beside points: a link to a passage moves only the text, and marks the passage
   data-fold            details: begins closed on a phone, and opens when an address leads into it
   data-once            form: a second submission of the same page is ignored */
(() => {
  "use strict";

  const each = (selector, work, root = document) => root.querySelectorAll(selector).forEach(work);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const status = () => {
    const line = element("p", { className: "help" });
    line.setAttribute("role", "status");
    return line;
  };

  /* CNPJ, classic and alphanumeric: each character counts its code minus 48; weights 2 to 9 from the right. */
  const bareCnpj = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 14);

  const maskedCnpj = (bare) => {
    const parts = [bare.slice(0, 2), bare.slice(2, 5), bare.slice(5, 8), bare.slice(8, 12), bare.slice(12)];
    return parts.reduce((text, part, place) => (part ? text + ["", ".", ".", "/", "-"][place] + part : text), "");
  };

  const checkDigit = (text) => {
    let sum = 0;
    for (let place = text.length - 1, weight = 2; place >= 0; place -= 1, weight = weight === 9 ? 2 : weight + 1) {
      sum += (text.charCodeAt(place) - 48) * weight;
    }
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };

  const cnpjHolds = (bare) =>
    /^[0-9A-Z]{12}[0-9]{2}$/.test(bare) &&
    !/^(.)\1{13}$/.test(bare) &&
    checkDigit(bare.slice(0, 12)) === Number(bare[12]) &&
    checkDigit(bare.slice(0, 13)) === Number(bare[13]);

  each("input[data-cnpj]", (input) => {
    const line = status();
    input.after(line);
    const say = (final) => {
      const bare = bareCnpj(input.value);
      if (bare.length === 14) {
        line.textContent = cnpjHolds(bare) ? "Os algarismos verificadores conferem." : "Os dois últimos algarismos não conferem com os anteriores.";
      } else if (final && bare.length > 0) {
        line.textContent = `Um CNPJ tem 14 caracteres; este tem ${bare.length}.`;
      } else {
        line.textContent = "";
      }
    };
    input.addEventListener("input", (event) => {
      const atEnd = input.selectionStart === input.value.length;
      if (atEnd && !(event.inputType || "").startsWith("delete")) {
        input.value = maskedCnpj(bareCnpj(input.value));
      }
      say(false);
    });
    input.addEventListener("blur", () => {
      const bare = bareCnpj(input.value);
      if (bare.length === 14) input.value = maskedCnpj(bare);
      say(true);
    });
  });

  /* Files: what was chosen, with its size, said before anything is sent. */
  const size = (bytes) => {
    const number = (value, digits) => value.toLocaleString("pt-BR", { maximumFractionDigits: digits });
    if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
    if (bytes < 999500) return `${number(bytes / 1000, 0)} kB`;
    return `${number(bytes / 1000000, 1)} MB`;
  };

  each("[data-dropzone]", (zone) => {
    const input = zone.querySelector("input[type=file]");
    if (!input) return;
    const list = element("ul", { className: "chosen" });
    const said = element("div", {}, list);
    said.setAttribute("role", "status");
    zone.append(element("p", { className: "drop-hint" }, input.multiple ? "Ou arraste os arquivos para cá." : "Ou arraste o arquivo para cá."), said);
    const limit = Number(input.dataset.maxBytes || zone.dataset.maxBytes || 0);
    const show = () => {
      list.replaceChildren(
        ...[...input.files].map((file) => {
          const line = element("li", {}, `${file.name} (${size(file.size)})`);
          if (limit && file.size > limit) {
            line.append(element("span", { className: "error" }, ` Maior que o limite de ${size(limit)}; escolha outro arquivo.`));
          }
          return line;
        }),
      );
    };
    input.addEventListener("change", show);
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", on);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      const box = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1).forEach((file) => box.items.add(file));
      input.files = box.files;
      show();
    });
  });

  /* A browser that refuses storage only forgets the choice. */
  const stored = (work) => {
    try {
      return work(window.localStorage);
    } catch {
      return null;
    }
  };

  each("input[type=checkbox][data-remember]", (box) => {
    if (stored((storage) => storage.getItem(box.dataset.remember)) === "1") box.checked = true;
    box.addEventListener("change", () => stored((storage) => storage.setItem(box.dataset.remember, box.checked ? "1" : "0")));
  });

  if (navigator.clipboard) {
    each("[data-copy]", (place) => {
      const words = place.dataset.copyLabel || "Copiar";
      const button = element("button", { type: "button", className: "btn slim" }, words);
      const said = element("span", { className: "small muted" });
      said.setAttribute("role", "status");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(place.dataset.copy);
          said.textContent = " Copiado.";
        } catch {
          said.textContent = " O navegador não permitiu copiar; selecione o texto.";
        }
      });
      place.append(" ", button, said);
    });
  }

  each("[data-focus]", (place, order) => {
    if (order === 0) place.focus();
  });

  each("table[data-matrix]", (table) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    table.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      const cell = event.target.closest("td, th");
      if (!move || !cell || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const row = table.rows[cell.parentElement.rowIndex + move[0]];
      const link = row?.cells[cell.cellIndex + move[1]]?.querySelector("a");
      if (link) {
        event.preventDefault();
        link.focus();
      }
    });
  });

  /* A table that would scroll sideways on a phone: the style lays each row out as a block, so every cell carries the name of
     its column, and the roles that a changed layout would take from the table. Too many columns are left to scroll. */
  const stack = (root) => each(".scroll > .table", (table) => {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    if (!heads.length || heads.length > 8) return;
    const role = (parts, name) => [...parts].forEach((part) => part.setAttribute("role", name));
    table.classList.add("stacks");
    role([table], "table");
    role(table.querySelectorAll("thead, tbody, tfoot"), "rowgroup");
    role(table.rows, "row");
    role(heads.filter((head) => head.textContent.trim()), "columnheader");
    role(heads.filter((head) => !head.textContent.trim()), "cell");
    for (const body of table.tBodies) {
      for (const row of body.rows) {
        let column = 0;
        for (const cell of row.cells) {
          const named = cell.tagName === "TD" && cell.textContent.trim();
          if (named) cell.dataset.label = heads[column]?.textContent.trim() ?? "";
          role([cell], cell.tagName === "TH" ? "rowheader" : "cell");
          column += cell.colSpan;
        }
      }
    }
  }, root);
  stack(document);

  /* Fields that make sense only after another answer. Hidden ones keep what was typed; the server ignores it. */
  each("[data-when]", (block) => {
    const form = block.closest("form");
    const values = (block.dataset.is || "").split(" ");
    const apply = () => {
      const controls = [...(form ? form.elements : [])].filter((control) => control.name === block.dataset.when);
      const now = controls.filter((control) => !/^(radio|checkbox)$/.test(control.type) || control.checked).map((control) => control.value);
      block.hidden = !now.some((value) => values.includes(value));
    };
    form?.addEventListener("change", apply);
    apply();
  });

  /* Work that goes on: one reading of this same page brings every region up to date, until none asks for more. A region
     that did not change, or that somebody is in, is left alone, so that focus stays and nothing is said twice. */
  const follow = (seconds) => {
    setTimeout(async () => {
      if (document.hidden) {
        follow(seconds);
        return;
      }
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (answer.redirected) {
          location.reload();
          return;
        }
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          stack(page);
          const ended = !page.querySelector("[data-live]");
          each(ended ? "[data-live][id], [data-live-end][id]" : "[data-live][id]", (region) => {
            const fresh = page.getElementById(region.id);
            if (!fresh || region.isEqualNode(fresh)) return;
            if (!ended && region.contains(document.activeElement)) return;
            region.replaceChildren(...fresh.childNodes);
          });
          if (ended) return;
        }
      } catch {
        /* The server may be starting again: the next reading will tell. */
      }
      follow(seconds);
    }, seconds * 1000);
  };
  const live = document.querySelector("[data-live][id]");
  if (live) follow(Math.max(2, Number(live.dataset.live) || 5));

  each("textarea[data-count][maxlength]", (area) => {
    const line = status();
    area.after(line);
    const say = () => {
      const left = area.maxLength - area.value.length;
      line.textContent = left === 1 ? "Resta 1 caractere." : `Restam ${left.toLocaleString("pt-BR")} caracteres.`;
    };
    area.addEventListener("input", say);
    say();
  });

  /* The preview is the page that the button "Pré-visualizar" would bring; only its part is taken. */
  each("form[data-preview]", (form) => {
    let wait = 0;
    let turn = 0;
    const renew = async () => {
      const mine = (turn += 1);
      const body = new FormData(form);
      body.set("acao", "previa");
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById(form.dataset.preview);
        const shown = document.getElementById(form.dataset.preview);
        if (mine === turn && fresh && shown) {
          const places = [...shown.querySelectorAll(".sheet")].map((sheet) => sheet.scrollTop);
          shown.replaceChildren(...fresh.childNodes);
          shown.querySelectorAll(".sheet").forEach((sheet, order) => (sheet.scrollTop = places[order] || 0));
        }
      } catch {
        /* Without an answer the last preview stays; the button asks again. */
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(renew, 600);
    });
  });

  /* The text scrolls in its own frame, so that the point that is being read stays where it is. */
  each("[data-check]", (check) => {
    const sheet = check.querySelector(".sheet");
    check.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const place = link && !sheet.contains(link) && document.getElementById(link.hash.slice(1));
      if (!place || !sheet.contains(place) || sheet.scrollHeight <= sheet.clientHeight) return;
      event.preventDefault();
      each(".here", (other) => other.classList.remove("here"), sheet);
      place.classList.add("here");
      sheet.scrollTop += place.getBoundingClientRect().top - sheet.getBoundingClientRect().top - sheet.clientHeight / 4;
      if (place.matches("a")) place.focus({ preventScroll: true });
      sheet.scrollIntoView({ block: "nearest" });
    });
  });

  each("form[data-guard]", (form) => {
    let typed = false;
    form.addEventListener("input", () => (typed = true));
    form.addEventListener("submit", () => (typed = false));
    window.addEventListener("beforeunload", (event) => {
      if (typed) event.preventDefault();
    });
  });

  const ledInto = () => {
    const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    each("details[data-fold]", (fold) => (fold.open = true), place);
    place.scrollIntoView();
  };
  if (document.querySelector("details[data-fold]") && window.matchMedia("(max-width: 40rem)").matches) {
    each("details[data-fold]", (fold) => (fold.open = false));
    window.addEventListener("hashchange", ledInto);
    ledInto();
  }

  each("form[data-once]", (form) => {
    form.addEventListener("submit", (event) => {
      // What opens beside this page leaves the page as it is.
      if (event.submitter?.formTarget === "_blank") return;
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
  });
})();
