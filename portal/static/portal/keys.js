/* Single keys: `/` search, `?` the list of keys, `g` and a letter to a place, `j` `k` rows. Inert in fields, and can be switched
   off in the profile and in the list itself. Letters are read by their place on the keyboard, so a Russian layout works too. */
(() => {
  const help = document.getElementById("keys");
  const box = document.querySelector("[data-shortcuts-switch]");
  const remembered = () => { try { return localStorage.getItem("shortcuts"); } catch { return null; } };
  const enabled = () => (remembered() || help?.dataset.shortcuts || "on") === "on";
  if (box) {
    box.checked = enabled();
    box.addEventListener("change", () => {
      try { localStorage.setItem("shortcuts", box.checked ? "on" : "off"); } catch { /* private mode: not kept */ }
    });
  }

  let waiting = 0; // until when a letter after `g` counts
  const letter = (event) => (event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "");
  const rows = () => [...document.querySelectorAll("[data-rows] a.plainlink, [data-rows] tbody th a")];

  function moveRow(by) {
    const all = rows();
    if (!all.length) return false;
    const here = all.indexOf(document.activeElement);
    all[Math.min(Math.max(here + by, 0), all.length - 1)].focus();
    return true;
  }

  function act(event) {
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) { if (!help?.open) help?.showModal(); return true; }
    if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) { document.getElementById("q")?.focus(); return true; }
    if (event.shiftKey) return false;
    const key = letter(event);
    if (waiting > Date.now()) {
      waiting = 0;
      const place = key && document.querySelector(`[data-go="${key}"]`);
      if (place) { place.click(); return true; }
      return false;
    }
    if (key === "g") { waiting = Date.now() + 1500; return true; }
    return key === "j" ? moveRow(1) : key === "k" ? moveRow(-1) : false;
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (enabled() && act(event)) event.preventDefault();
  });
})();
