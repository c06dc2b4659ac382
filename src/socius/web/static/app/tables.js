// Which columns a list shows, chosen by whoever looks at it; kept in this browser for each list. Pages work without it.
(function () {
  const FEW = 5; // a shorter table has nothing to choose

  document.querySelectorAll(".table-wrap > table.data").forEach((table) => {
    const heads = [...table.querySelectorAll("thead th")];
    if (heads.length < FEW || !table.querySelector("tr[data-row]") || table.closest("dialog, details, .no-choice")) return;
    const name = table.caption?.textContent.trim() || "list";
    const key = `columns:${location.pathname.replace(/\d+/g, "*")}:${name}`;
    const hidden = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    const shown = (n, on) => table.classList.toggle(`without-${n}`, !on);

    const menu = document.createElement("details");
    menu.className = "menu columns no-print";
    const summary = document.createElement("summary");
    summary.className = "btn btn-sm";
    summary.textContent = "Columns";
    const body = document.createElement("div");
    body.className = "menu-body card";
    body.setAttribute("role", "group");
    body.setAttribute("aria-label", `Columns of ${name}`);
    heads.forEach((head, at) => {
      const say = head.textContent.trim();
      if (!at || !say) return; // the first says which row it is
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.className = "form-check-input";
      box.checked = !hidden.has(say);
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(say); else hidden.add(say);
        localStorage.setItem(key, JSON.stringify([...hidden]));
        shown(at + 1, box.checked);
      });
      label.append(box, ` ${say}`);
      body.append(label);
      shown(at + 1, box.checked);
    });
    menu.append(summary, body);
    table.parentElement.before(menu);
  });
})();
