/* What a page says when an HTMX request was refused: htmx itself would say nothing. */
(() => {
  function say(text) {
    const area = document.getElementById("toasts");
    const toast = document.getElementById("toast-bad").content.firstElementChild.cloneNode(true);
    toast.querySelector("span").textContent = text;
    area.append(toast);
  }

  /* The refusal came as a page: its heading and its reason fit into a line. */
  function reason(html) {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const words = [main?.querySelector("[role=alert]"), main?.querySelector("h1")].find(Boolean);
    return words?.textContent.replace(/\s+/g, " ").trim();
  }

  const words = () => document.getElementById("toasts").dataset;
  document.addEventListener("htmx:responseError", (event) => say(reason(event.detail.xhr.responseText) || words().failed));
  document.addEventListener("htmx:sendError", () => say(words().offline));
  document.addEventListener("htmx:timeout", () => say(words().offline));

  /* Led to another page (the session has ended): load this one again, it knows where to send the person. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    const arrived = xhr.responseURL && new URL(xhr.responseURL).pathname;
    if (arrived && arrived !== new URL(pathInfo.requestPath, location.href).pathname && /^\s*<!doctype/i.test(xhr.responseText)) {
      event.preventDefault();
      location.reload();
    }
  });
})();
