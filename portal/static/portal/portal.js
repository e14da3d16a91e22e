/* Small helpers of every page; each page works without them. Words come from the page (data- attributes), never from here. */
(() => {
  const openMenus = "details.menu[open], details.why[open]";

  /* Quantity buttons type the number; the server decides about multiples. */
  function step(button) {
    const input = button.parentElement.querySelector("input");
    const next = (parseInt(input.value, 10) || 0) + Number(button.dataset.step);
    input.value = Math.max(0, next);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function copy(button) {
    const label = button.querySelector("span");
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  /* <a href="#id" data-dialog> opens a native dialog; without scripts :target shows it. */
  function openDialog(link, event) {
    const dialog = document.getElementById(link.getAttribute("href").slice(1));
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
    dialog.addEventListener("close", () => link.focus(), { once: true });
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const stepper = on("[data-step]");
    if (stepper) step(stepper);
    const copier = on("[data-copy]");
    if (copier) copy(copier);
    const opener = on("[data-dialog]");
    if (opener) openDialog(opener, event);
    const closer = on("[data-dialog-close]");
    const dialog = closer ? closer.closest("dialog[open]") : event.target.matches("dialog[open]") && event.target;
    if (dialog) { event.preventDefault(); dialog.close(); }
    if (on("[data-print]")) window.print();
    if (on("[data-toast-close]")) on("[data-toast]").remove();
    document.querySelectorAll(openMenus).forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest(openMenus);
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* A form is sent once: the button says so and a second press does nothing. Coming back by history frees it. */
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.busy) return;
    if (button.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    button.dataset.idle = button.textContent.trim();
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
  });
  const free = (scope) => scope.querySelectorAll("[data-busy][aria-disabled]").forEach((button) => {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.idle;
  });
  addEventListener("pageshow", (event) => { if (event.persisted) free(document); });
  document.addEventListener("htmx:afterRequest", (event) => free(event.target));

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !("autosubmit" in form.dataset) || event.target.type === "search") return;
    if (openPanel()?.contains(form)) {
      form.action = form.action.split("#")[0] + location.hash;
      sessionStorage.setItem("panelAt", String(scrollY));
    }
    form.requestSubmit();
  });

  /* A panel that a phone shows because the address names it stays open after each choice, where it was scrolled to; its own
     link "Show" closes it. */
  function openPanel() {
    const panel = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    return panel && panel.matches("aside") ? panel : null;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !link.hash && openPanel()?.contains(link)) link.hash = location.hash;
  });
  const panelAt = sessionStorage.getItem("panelAt");
  sessionStorage.removeItem("panelAt");
  if (panelAt && openPanel()) addEventListener("load", () => scrollTo({ top: Number(panelAt), behavior: "instant" }));

  /* Toasts: announced when they come, gone after ten seconds unless someone is reading or using them. */
  function live(toast) {
    const area = toast.parentElement;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", area.dataset.close || "");
    close.textContent = "×";
    toast.append(close);
    const leave = () => { toast.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : toast.remove(); };
    setTimeout(leave, 10000);
  }
  function watchToasts() {
    const area = document.getElementById("toasts");
    if (!area) return;
    const early = [...area.children];
    area.replaceChildren();
    new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
      if (node.matches?.("[data-toast]")) live(node);
    }))).observe(area, { childList: true });
    /* What came with the page is put back a moment later: a live region announces only what is added to it. */
    setTimeout(() => area.append(...early), 150);
  }

  document.querySelector("[data-focus]")?.focus();
  watchToasts();
})();
