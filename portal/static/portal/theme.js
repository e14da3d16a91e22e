/* In the head, before the first paint: the chosen theme, and the mark that scripts run. */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const paint = () => { root.dataset.bsTheme = stored() || (system.matches ? "dark" : "light"); };
  paint();
  root.classList.add("js");
  system.addEventListener("change", paint);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    try { localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark"); } catch { /* private mode: not kept */ }
    paint();
  });
})();
