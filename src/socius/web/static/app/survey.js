// The questionnaire: "none of these" and the options exclude each other; a button for no answer clears the parts beside it.
(function () {
  const none = "none-of-these";
  const form = document.querySelector("[data-survey]");
  if (!form) return;
  form.addEventListener("change", (event) => {
    const box = event.target;
    const question = box.closest(".question");
    if (!question) return;
    if (box.type === "checkbox" && box.checked) {
      question.querySelectorAll(`input[type=checkbox][name="${box.name}"]`).forEach((other) => {
        if (other !== box && (box.value === none || other.value === none)) other.checked = false;
      });
    }
    if (box.name.startsWith("missing-")) {
      question.querySelectorAll("input").forEach((other) => {
        if (other.name.startsWith("missing-") || other.name.startsWith("evidence-") || other.name.startsWith("note-")) return;
        if (other.type === "number") other.value = ""; else other.checked = false;
      });
    } else if (!box.name.startsWith("evidence-") && !box.name.startsWith("note-")) {
      question.querySelectorAll("input[name^=missing-]").forEach((other) => { other.checked = false; });
    }
  }, true);
  // What could not be kept is said where the count stands.
  document.addEventListener("htmx:responseError", (event) => {
    const kept = document.getElementById("kept");
    if (kept) kept.textContent = event.detail.xhr.responseText.length < 300 ? event.detail.xhr.responseText : "Not kept. Hand in at the end.";
  });
})();
