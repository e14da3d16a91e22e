/* Suggestions under the search box: an ARIA combobox with a listbox popup over the HTML that `data-suggest-url` answers.
   Fetched 120 ms after the last key; an answer that is no longer asked for is dropped. Enter without a choice searches: so does
   a scanner, which types faster than that and sends Enter. What the answer says in `data-said` is read out, politely. */
(() => {
  const input = document.querySelector("[data-suggest-url]");
  if (!input) return;
  const PAUSE = 120;
  const list = document.createElement("div");
  list.id = "suggestions";
  list.className = "sheet suggest suggest-float";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  list.hidden = true;
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.parentElement.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer = 0;
  let asked = null;
  let chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) { choose(-1); status.textContent = ""; }
  }

  function choose(index) {
    const all = options();
    chosen = all.length ? (index + all.length + 1) % (all.length + 1) : -1;
    if (index === -1 || chosen === all.length) chosen = -1;
    all.forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === chosen));
      option.classList.toggle("sg-on", i === chosen);
    });
    if (chosen === -1) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const last = options().length - 1;
    const next = chosen + by;
    choose(next < -1 ? last : next > last ? -1 : next);
  }

  async function ask() {
    asked?.abort();
    const text = input.value.trim();
    if (text.length === 1) { show(false); return; }
    asked = new AbortController();
    const address = `${input.dataset.suggestUrl}?q=${encodeURIComponent(text)}`;
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) { show(false); return; }
      const html = await answer.text();
      list.innerHTML = html;
      const said = list.querySelector("[data-said]");
      said?.remove();
      options().forEach((option, i) => { option.id = `suggestion-${i}`; });
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      show(options().length > 0 && document.activeElement === input);
      if (document.activeElement === input) status.textContent = said?.dataset.said || "";
    } catch { /* a newer question, or no network: the search itself still works */ }
  }

  /* An own past question is taken off the list, here and for good. */
  async function forget(option) {
    const { forget: address, word } = option.dataset;
    const said = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    const answer = await fetch(address, { method: "POST", headers: said, body: new URLSearchParams({ q: word }), credentials: "same-origin" });
    if (answer.ok) { input.focus(); ask(); }
  }

  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forgets]")) return;
    event.preventDefault();
    forget(event.target.closest("[role=option]"));
  });

  /* What was chosen answers the former text: Enter must not take it while the new one is still asked for. */
  input.addEventListener("input", () => { choose(-1); asked?.abort(); clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("focus", () => { if (!input.value.trim()) ask(); else if (options().length && input.value.trim().length > 1) show(true); });
  input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input && !list.contains(document.activeElement)) show(false); }, 150));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); show(false); return; }
    if (event.key === "Delete" && event.shiftKey && chosen >= 0 && options()[chosen].dataset.forget) {
      event.preventDefault();
      forget(options()[chosen]);
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Enter") return;
    if (event.key === "Enter") {
      if (chosen < 0 || list.hidden) { asked?.abort(); clearTimeout(timer); show(false); return; }
      event.preventDefault();
      options()[chosen].click();
      return;
    }
    event.preventDefault();
    if (list.hidden) { if (options().length) show(true); else ask(); return; }
    move(event.key === "ArrowDown" ? 1 : -1);
  });
})();
