// What somebody was writing is kept in this browser until it is sent, and put back when they return. Pages work without it.
(function () {
  const PREFIX = "draft:";
  const KEEP = 7 * 24 * 3600 * 1000; // milliseconds
  const forms = [...document.querySelectorAll("main form[method=post]")].filter((form) => form.querySelector("textarea") && !form.querySelector("input[type=password]"));
  const fields = (form) => [...form.querySelectorAll("input[type=text], input[type=number], input[type=date], input[type=email], input:not([type]), textarea, select:not([multiple])")].filter((field) => field.name);
  const keyOf = (form) => `${PREFIX}${location.pathname}:${form.getAttribute("action") || ""}`;

  // Whoever is not signed in finds nothing that somebody else was writing.
  if (document.querySelector("#id_login")) {
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
  }

  forms.forEach((form) => {
    const key = keyOf(form);
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    const first = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    if (kept && (kept.sent || Date.now() - kept.at > KEEP)) localStorage.removeItem(key);
    else if (kept) putBack(form, key, kept, first);

    form.addEventListener("input", () => {
      const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    });
    // Sent: the answer shows what was written, or has it.
    form.addEventListener("submit", () => {
      const last = JSON.parse(localStorage.getItem(key) || "null");
      if (last) localStorage.setItem(key, JSON.stringify({ ...last, sent: true }));
    });
  });

  function putBack(form, key, kept, first) {
    const changed = fields(form).filter((field) => field.name in kept.values && kept.values[field.name] !== field.value);
    if (!changed.length) return;
    changed.forEach((field) => { field.value = kept.values[field.name]; });
    const note = document.createElement("div");
    note.className = "alert draft";
    note.setAttribute("role", "status");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm";
    drop.textContent = "Discard";
    drop.addEventListener("click", () => {
      localStorage.removeItem(key);
      fields(form).forEach((field) => { if (field.name in first) field.value = first[field.name]; });
      note.remove();
      fields(form)[0]?.focus();
    });
    note.append(`What you wrote here on ${new Date(kept.at).toLocaleString()} and did not save was put back. `, drop);
    form.prepend(note);
  }
})();
