// The frame: menu on the phone, light and dark, keys, bulk selection. Pages work without any of it.
(function () {
  const root = document.documentElement;

  document.querySelector(".theme-toggle")?.addEventListener("click", () => {
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    localStorage.setItem("theme", next);
    document.dispatchEvent(new CustomEvent("theme"));
  });

  const toggle = document.querySelector(".nav-toggle");
  toggle?.addEventListener("click", () => {
    const open = document.body.classList.toggle("nav-open");
    toggle.setAttribute("aria-expanded", String(open));
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // `/` or Ctrl-K: search. j, k: along the rows of a table; Enter opens, x selects.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
      const box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select?.(); }
      return;
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...document.querySelectorAll("tr[data-row]")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("at"));
    if (event.key === "j" || event.key === "k") {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      rows.forEach((row) => row.classList.remove("at"));
      next.classList.add("at");
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0) {
      rows[at].querySelector("a")?.click();
    } else if (event.key === "x" && at >= 0) {
      rows[at].querySelector("input[type=checkbox]")?.click();
    }
  });

  // A file that is dropped or chosen, and a box that is ticked, need no further button.
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-autosubmit]");
    if (box && (box.type !== "file" || box.files.length)) box.form.requestSubmit();
  });
  document.querySelectorAll("[data-drop]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    ["dragenter", "dragover"].forEach((name) => form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); }));
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  });

  // What scrolls sideways can be reached with the keyboard.
  const reachable = () => document.querySelectorAll(".table-wrap").forEach((wrap) => {
    if (wrap.scrollWidth > wrap.clientWidth || wrap.scrollHeight > wrap.clientHeight) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  });
  reachable();
  addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);
  document.addEventListener("toggle", reachable, true);

  // A picture over time that is wider than the screen shows its latest part first.
  document.querySelectorAll("[data-latest]").forEach((wrap) => { wrap.scrollLeft = wrap.scrollWidth; });

  // Copies what stands in the element that it names.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.querySelector(button.dataset.copy).textContent.trim();
    const said = button.textContent;
    navigator.clipboard?.writeText(text).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = said; }, 1500);
    });
  });

  // Search: down and up along what was found, Enter opens, Escape leaves.
  const search = document.querySelector("[data-search]");
  search?.closest("form").addEventListener("keydown", (event) => {
    const found = [...document.querySelectorAll("#found a")];
    if (event.key === "Escape") { document.querySelector("#found").replaceChildren(); search.blur(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const at = found.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    (next < 0 ? search : found[Math.min(next, found.length - 1)])?.focus();
  });
  document.addEventListener("click", (event) => {
    if (search && !event.target.closest(".search")) document.querySelector("#found")?.replaceChildren();
  });

  // Bulk bar: shows how many rows are chosen.
  document.addEventListener("change", (event) => {
    const table = event.target.closest("[data-bulk]");
    if (!table) return;
    const boxes = [...table.querySelectorAll("input[name=pick]")];
    if (event.target.matches("[data-pick-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
    const chosen = boxes.filter((box) => box.checked).length;
    table.classList.toggle("has-picked", chosen > 0);
    table.querySelectorAll("[data-picked]").forEach((place) => { place.textContent = String(chosen); });
  });

  // The panel beside a list: opens with its row, closes with Escape or its button, and the focus follows.
  const panel = document.getElementById("panel");
  if (panel) {
    const beside = panel.closest(".with-panel");
    const at = (row) => document.querySelectorAll("tr[data-row]").forEach((one) => one.classList.toggle("at", one === row));
    let from = null;
    const close = () => { beside.classList.remove("opened"); panel.textContent = ""; from?.focus(); };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-panel]");
      const row = event.target.closest("tr[data-row]");
      if (link) { from = link; at(row); } else if (row && !event.target.closest("a, button, input, label, summary")) row.querySelector("a[data-panel]")?.click();
      if (event.target.closest("[data-close]") && from) { event.preventDefault(); close(); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && beside.classList.contains("opened")) close();
    });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== panel) return;
      beside.classList.add("opened");
      panel.scrollTop = 0;
      panel.querySelector("[data-focus]")?.focus();
    });
  }

  // A link to a form that is folded away, or the part of an address behind #, unfolds it.
  const unfold = (id) => { const place = id ? document.getElementById(id) : null; if (place?.matches("details")) { place.open = true; place.querySelector("input, select")?.focus(); } };
  document.addEventListener("click", (event) => { const link = event.target.closest("[data-opens]"); if (link) unfold(link.dataset.opens); });
  unfold(location.hash.slice(1));

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
})();
