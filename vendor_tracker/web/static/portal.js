/* The vendor's answer, saved while it is typed. The page works without this; the server says every word that it shows.

   form[data-answer]    what is typed is sent to data-save after a pause; files go to data-upload-to one by one
   [data-item]          a section of the form; its parts (data-part) are replaced by what the server answers
   [data-connection]    says in words when something could not be saved */
(() => {
  "use strict";

  const form = document.querySelector("form[data-answer]");
  if (!form) return;

  const PAUSE = 1200;
  const LONGEST = 10000;
  const LOOK = 20000;
  const WATCH = 5000;
  const RETRY = [3000, 6000, 12000, 30000];

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const control = (name) => form.elements[name];
  const connection = form.querySelector("[data-connection]");
  const say = (words) => {
    if (connection.textContent !== words) connection.textContent = words;
  };

  /* ------------------------------------------------------------------ what the page holds and what the server has of it */
  const FIELDS = ["resposta", "motivo", "tipo"];
  const items = new Map();
  form.querySelectorAll("[data-item]").forEach((section) => {
    const id = section.dataset.item;
    const fields = FIELDS.map((name) => control(`${name}-${id}`)).filter(Boolean);
    /* A browser that gives a page back keeps what was typed in it, so the server's text is asked of the markup. */
    const known = new Map(fields.map((field) => [field, field.tagName === "SELECT" ? [...field.options].find((one) => one.defaultSelected)?.value ?? "" : field.defaultValue]));
    items.set(id, { id, section, fields, known, contested: Boolean(section.querySelector("[data-keep]")), next: "" });
  });
  const person = ["nome", "cargo"].map(control).filter(Boolean);
  let personKnown = person.map((field) => field.defaultValue).join("\n");

  const dirty = (item) => item.fields.some((field) => field.value !== item.known.get(field));
  const unsaved = () => [...items.values()].filter(dirty);
  const personDirty = () => person.map((field) => field.value).join("\n") !== personKnown;

  let timer = 0;
  let since = 0;
  let busy = false;
  let failures = 0;
  let over = false;
  let leaving = false;

  const versions = (body) => {
    for (const name of ["csrf_token", "vez", "pagina"]) body.set(name, control(name).value);
    items.forEach((item) => body.set(`versao-${item.id}`, control(`versao-${item.id}`).value));
    return body;
  };

  /* Takes over what the server says of an item, without touching what is being typed. */
  const renew = (id, markup, sent) => {
    const item = items.get(id);
    const fresh = new DOMParser().parseFromString(markup, "text/html").querySelector("[data-item]");
    if (!item || !fresh) return;
    fresh.querySelectorAll("[data-part]").forEach((part) => {
      const here = item.section.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!here || here.isEqualNode(part)) return;
      here.className = part.className;
      if (part.dataset.part === "saved" || part.dataset.part === "mark") here.replaceChildren(...part.childNodes);
      else if (!here.contains(document.activeElement)) here.replaceWith(part);
      else here.replaceChildren(...part.childNodes);
    });
    const told = (field) => fresh.querySelector(`[name="${field.name}"]`).value;
    const before = (field) => (sent ? sent.get(field) : item.known.get(field)) ?? field.value;
    /* Somebody changed the very field that is being typed in: the next save says what it was made from, and the server tells. */
    if (item.fields.some((field) => field.value !== before(field) && told(field) !== before(field))) return;
    const version = fresh.querySelector(`[name="versao-${id}"]`).value;
    item.contested = Boolean(fresh.querySelector("[data-keep]"));
    item.next = version;
    /* While two texts contradict each other, the page goes on saying which one it was made from. */
    if (!item.contested) control(`versao-${id}`).value = version;
    item.fields.forEach((field) => {
      const was = before(field);
      if (item.contested) {
        item.known.set(field, was);
        return;
      }
      if (field.value === was) field.value = told(field);
      item.known.set(field, told(field));
    });
  };

  const apply = (answer, sentValues) => {
    if (answer.token) form.querySelectorAll("[name=csrf_token]").forEach((field) => (field.value = answer.token));
    Object.entries(answer.items ?? {}).forEach(([id, markup]) => renew(id, markup, sentValues?.get(id)));
  };

  const stop = (words, address) => {
    over = true;
    clearTimeout(timer);
    say(words);
    if (address) connection.append(" ", element("a", { href: address }, "Ver o que foi enviado"));
  };

  /* --------------------------------------------------------------------------------------------------- saving what is typed */
  const save = async () => {
    clearTimeout(timer);
    timer = 0;
    if (busy || over || leaving) return;
    const changed = unsaved();
    const named = personDirty();
    if (!changed.length && !named) return;
    busy = true;
    const body = versions(new FormData());
    const sent = new Map();
    changed.forEach((item) => {
      sent.set(item.id, new Map(item.fields.map((field) => [field, field.value])));
      item.fields.forEach((field) => body.set(field.name, field.value));
    });
    const sentPerson = person.map((field) => field.value).join("\n");
    person.forEach((field) => body.set(field.name, field.value));
    let again = 0;
    try {
      const reply = await fetch(form.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await reply.json();
      if (answer.token) form.querySelectorAll("[name=csrf_token]").forEach((field) => (field.value = answer.token));
      if (answer.state === "saved") {
        personKnown = sentPerson;
        changed.forEach((item) => item.fields.forEach((field) => item.known.set(field, sent.get(item.id).get(field))));
        apply(answer, sent);
        failures = 0;
        since = 0;
        say("");
        if (unsaved().length || personDirty()) again = PAUSE;
      } else if (answer.state === "token") {
        again = failures ? RETRY[Math.min(failures, RETRY.length - 1)] : 1;
        failures += 1;
      } else if (answer.state === "problem") {
        say(Object.values(answer.problems)[0]);
      } else if (answer.state === "ended") {
        say(`${answer.message} Não feche esta página: quando o endereço for aberto em outra aba, o que está aqui será salvo.`);
        again = RETRY[RETRY.length - 1];
      } else {
        stop(`${answer.message} O que você escreveu continua nesta página para você copiar.`, answer.address);
      }
    } catch {
      failures += 1;
      again = RETRY[Math.min(failures, RETRY.length) - 1];
      say(
        navigator.onLine === false
          ? "Sem conexão. O que você escreve continua nesta página e será salvo assim que a conexão voltar."
          : "Ainda não foi possível salvar. O que você escreve continua nesta página; estamos tentando de novo.",
      );
    }
    busy = false;
    if (again && !over) timer = setTimeout(save, again);
  };

  const soon = () => {
    if (over) return;
    since = since || Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  };
  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") soon();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") soon();
  });
  form.addEventListener("focusout", () => (unsaved().length || personDirty()) && soon());
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());

  /* What colleagues did meanwhile, and how far the checks of files are. */
  const glance = async () => {
    if (!over && !busy && !leaving && !document.hidden && !unsaved().length) {
      try {
        const reply = await fetch(form.dataset.save, { method: "POST", body: versions(new FormData()), headers: { Accept: "application/json" } });
        const answer = await reply.json();
        if (answer.state === "saved" && !busy) apply(answer);
        else if (answer.state === "sent" || answer.state === "gone") stop(answer.message, answer.address);
        else if (answer.token) apply({ token: answer.token });
      } catch {
        /* The next look will tell; whoever types is told when saving fails. */
      }
    }
  };
  const look = async () => {
    await glance();
    if (!over) setTimeout(look, form.querySelector("[data-checking]") ? WATCH : LOOK);
  };
  setTimeout(look, form.querySelector("[data-checking]") ? WATCH : LOOK);

  /* --------------------------------------------------------------------------------------------------------- sending files */
  const size = (bytes) => (bytes < 999500 ? `${Math.max(1, Math.round(bytes / 1000)).toLocaleString("pt-BR")} kB` : `${(bytes / 1000000).toLocaleString("pt-BR", { maximumFractionDigits: 1 })} MB`);
  const limit = Number(form.dataset.maxBytes);
  const queue = [];
  let current = null;
  let pressed = null;

  const settled = () => {
    if (!pressed || current || queue.length) return;
    const button = pressed;
    pressed = null;
    /* A file that failed is not left behind unseen: sending waits until it was tried again or given up. */
    if (form.querySelector("[data-failed]")) {
      say("Um arquivo não foi enviado. Tente de novo ou desista dele antes de continuar.");
      form.querySelector("[data-failed] button")?.focus();
      return;
    }
    form.requestSubmit(button);
  };

  const next = () => {
    if (current || !queue.length) {
      settled();
      return;
    }
    current = queue.shift();
    send(current);
  };

  const failed = (upload, words, mayRetry = true) => {
    upload.line.dataset.failed = "";
    upload.bar.hidden = true;
    upload.words.textContent = words;
    upload.words.className = "small error";
    upload.retry.hidden = !mayRetry;
    upload.cancelWord.textContent = "Desistir";
    current = current === upload ? null : current;
    next();
  };

  const send = (upload) => {
    const request = new XMLHttpRequest();
    upload.request = request;
    delete upload.line.dataset.failed;
    upload.retry.hidden = true;
    upload.bar.hidden = false;
    upload.words.className = "small muted";
    upload.words.textContent = "Enviando…";
    upload.cancelWord.textContent = "Cancelar";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const share = Math.round((100 * event.loaded) / event.total);
      upload.bar.value = share;
      upload.words.textContent = share < 100 ? `Enviado: ${share}%` : "Recebido. Conferindo…";
    });
    request.addEventListener("load", () => {
      let answer;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        failed(upload, request.status === 413 ? "O arquivo é grande demais para o portal." : "O envio não deu certo.", request.status !== 413);
        return;
      }
      const problem = answer.problems?.[`arquivo-${upload.id}`];
      apply(answer);
      if (answer.state === "saved" && !problem) {
        upload.line.remove();
        upload.said.textContent = `${upload.file.name}: recebido.`;
        current = null;
        next();
      } else if (answer.state === "token" && !upload.again) {
        upload.again = true;
        send(upload);
      } else if (answer.state === "gone" || answer.state === "sent") {
        failed(upload, answer.message, false);
        stop(answer.message, answer.address);
      } else {
        failed(upload, problem || answer.message || "O envio não deu certo.", !problem);
      }
    });
    request.addEventListener("error", () => failed(upload, "A conexão caiu e o arquivo não foi enviado."));
    request.addEventListener("timeout", () => failed(upload, "O envio demorou demais e parou."));
    request.open("POST", form.dataset.uploadTo);
    request.timeout = 600000;
    const body = versions(new FormData());
    body.set(`arquivo-${upload.id}`, upload.file, upload.file.name);
    request.send(body);
  };

  const add = (zone, files) => {
    const id = zone.dataset.upload;
    [...files].forEach((file, order) => {
      const key = `envio-${id}-${Date.now()}-${order}`;
      const words = element("p", { className: "small muted", id: key }, "Na fila");
      const bar = element("progress", { max: 100, value: 0 });
      bar.setAttribute("aria-label", `Envio de ${file.name}`);
      bar.setAttribute("aria-describedby", key);
      const hidden = () => element("span", { className: "vh" }, ` ${file.name}`);
      const retry = element("button", { type: "button", className: "btn slim", hidden: true }, "Tentar de novo", hidden());
      const cancelWord = element("span", {}, "Cancelar");
      const cancel = element("button", { type: "button", className: "btn slim" }, cancelWord, hidden());
      const line = element("li", {}, element("div", {}, element("span", {}, `${file.name} `), element("span", { className: "muted nowrap" }, `(${size(file.size)})`), bar, words), element("span", { className: "actions" }, retry, cancel));
      const upload = { id, file, line, bar, words, retry, cancelWord, said: zone.querySelector("[role=status]"), again: false };
      zone.querySelector(".uploads").append(line);
      retry.addEventListener("click", () => {
        delete line.dataset.failed;
        words.textContent = "Na fila";
        queue.push(upload);
        next();
      });
      cancel.addEventListener("click", () => {
        upload.request?.abort();
        const place = queue.indexOf(upload);
        if (place >= 0) queue.splice(place, 1);
        line.remove();
        upload.said.textContent = `${file.name}: envio cancelado.`;
        zone.querySelector("input[type=file]").focus();
        if (current === upload) current = null;
        /* What had arrived whole before it was cancelled is attached, and shows. */
        setTimeout(glance, PAUSE);
        next();
      });
      if (limit && file.size > limit) {
        failed(upload, `O arquivo passa do limite de ${size(limit)}. Divida-o ou reduza-o.`, false);
      } else {
        queue.push(upload);
      }
    });
    next();
  };

  form.querySelectorAll("[data-upload]").forEach((zone) => {
    const input = zone.querySelector("input[type=file]");
    const said = element("p", { className: "vh" });
    said.setAttribute("role", "status");
    zone.append(element("p", { className: "drop-hint with-pointer" }, "Ou arraste os arquivos para cá. Cada um é enviado assim que você o escolhe."), element("ul", { className: "uploads" }), said);
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      add(zone, files);
    });
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", on);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      add(zone, event.dataTransfer.files);
    });
  });
  form.querySelectorAll("[data-plain]").forEach((line) => (line.hidden = true));

  /* ------------------------------------------------------------------------------------------------------- sending the form */
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    const item = button && items.get(button.closest("[data-item]").dataset.item);
    if (item?.next) control(`versao-${item.id}`).value = item.next;
  });
  form.addEventListener("submit", (event) => {
    if (leaving) {
      event.preventDefault();
      return;
    }
    if (current || queue.length || form.querySelector("[data-failed]")) {
      event.preventDefault();
      pressed = event.submitter;
      if (current || queue.length) say("Aguarde: os arquivos ainda estão sendo enviados. A página segue sozinha quando terminarem.");
      settled();
      return;
    }
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !over && (current || queue.length || unsaved().length)) event.preventDefault();
  });
})();
