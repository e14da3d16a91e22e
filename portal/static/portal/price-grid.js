"use strict";
// The price grid as a spreadsheet: keys go from price to price, and a save does not lose the place. Without this file the
// same form is sent and answered as a page.
(() => {
  const place = () => document.getElementById("price-grid");
  const status = document.getElementById("price-grid-status");
  if (!place() || !status) return;

  const inputs = () => [...place().querySelectorAll(".pg-input")];
  const dirty = () => inputs().filter((input) => input.value.trim() !== input.dataset.stands);

  const mark = () => {
    const form = place().querySelector(".pg-form");
    const changed = dirty();
    inputs().forEach((input) => input.classList.toggle("pg-typed", changed.includes(input)));
    const told = place().querySelector("[data-dirty]");
    if (told) told.textContent = changed.length ? `${form.dataset.changed} ${changed.length}` : "";
  };

  // The field above or below in the same column.
  const move = (input, step) => {
    const cell = input.closest("td");
    const row = cell.parentElement;
    const column = [...row.querySelectorAll(".pg-cell")].indexOf(cell);
    let next = row;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && !next.querySelectorAll(".pg-cell")[column]?.querySelector(".pg-input"));
    const field = next?.querySelectorAll(".pg-cell")[column].querySelector(".pg-input");
    if (field) { field.focus(); field.select(); }
  };

  // A number pasted from a sheet fills the column downwards.
  const fill = (input, lines) => {
    let field = input;
    for (const line of lines) {
      field.value = line.split("\t")[0].trim();
      const before = field;
      move(field, 1);
      field = document.activeElement;
      if (field === before) break;
    }
    mark();
  };

  let last = null; // the field left last: a save comes back to it
  // What has the focus is never under the bar that saves.
  const uncover = (field) => {
    const bar = place().querySelector(".pg-save");
    if (!bar || bar.contains(field) || !place().contains(field)) return;
    if (field.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) field.scrollIntoView({ block: "center", behavior: "instant" });
  };
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".pg-input")) last = event.target;
    if (event.target.matches?.(".pg-cell *")) requestAnimationFrame(() => uncover(event.target));
  });

  const send = async (form) => {
    const focused = last?.name.split("-").slice(0, 4).join("-");
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("price-grid");
    if (!fresh) { form.submit(); return; }
    const top = place().querySelector(".pg-scroll").scrollTop;
    place().replaceWith(document.importNode(fresh, true));
    place().querySelector(".pg-scroll").scrollTop = top;
    const refusal = place().querySelector("[data-refusal]");
    const said = [...page.querySelectorAll(".messages li")].map((one) => one.textContent.trim()).join(" ");
    status.textContent = refusal ? refusal.textContent : said || form.dataset.saved;
    const again = refusal
      ? place().querySelector("[aria-invalid]")
      : focused && inputs().find((input) => input.name.startsWith(`${focused}-`));
    (again || refusal || place().querySelector(".pg-scroll")).focus();
    mark();
    // Beside the button, where the eyes are; the next change of a price takes it away.
    const told = place().querySelector("[data-dirty]");
    if (told && !refusal) told.textContent = said || form.dataset.saved;
  };

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".pg-input")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.form.requestSubmit();
    } else if (event.key === "Enter") move(event.target, event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown") move(event.target, 1);
    else if (event.key === "ArrowUp") move(event.target, -1);
    else if (event.key === "Escape") { event.target.value = event.target.dataset.stands; mark(); }
    else return;
    event.preventDefault();
  });
  document.addEventListener("input", (event) => { if (event.target.matches?.(".pg-input")) mark(); });
  document.addEventListener("paste", (event) => {
    if (!event.target.matches?.(".pg-input")) return;
    const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
    if (lines.length < 2) return;
    event.preventDefault();
    fill(event.target, lines);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".pg-form")) return;
    event.preventDefault();
    send(event.target).catch(() => event.target.submit());
  });
  window.addEventListener("beforeunload", (event) => { if (dirty().length) event.preventDefault(); });
  mark();
})();
