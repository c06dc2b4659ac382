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
  // What could not be kept is said beside its question until it is kept.
  const say = (question, words) => {
    question?.querySelector(".refused")?.remove();
    if (!question || !words) return;
    const line = document.createElement("p");
    line.className = "refused";
    line.setAttribute("role", "alert");
    line.textContent = words;
    question.append(line);
  };
  const asked = (event) => event.detail.elt.closest?.(".question");
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) say(asked(event), ""); });
  document.addEventListener("htmx:responseError", (event) => {
    const words = event.detail.xhr.responseText;
    say(asked(event), words.length < 300 && !words.startsWith("<") ? words : "Not kept. Hand in at the end, which keeps everything once more.");
  });
  document.addEventListener("htmx:sendError", (event) => say(asked(event), "Not kept: no connection. Hand in at the end, which keeps everything once more."));
})();
