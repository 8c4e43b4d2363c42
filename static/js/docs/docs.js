// The documentation of the API: Swagger UI in the theme of the other pages.

import { createStore } from "../core/store.js";
import { t } from "../core/text.js";
import { startTheme } from "../core/theme.js";

const store = createStore({ theme: null, colours: null });
const showTheme = ({ theme }) => document.documentElement.classList.toggle("dark-mode", theme === "dark");
store.watch(showTheme);
document.getElementById("theme").addEventListener("click", startTheme(store).toggle);

/**
 * Titles as text instead of links, because they stand inside buttons, which may contain no other control; and a heading
 * of level 2 above the groups, whose headings have level 3.
 */
const accessible = ({ React }) => ({
  wrapComponents: {
    DeepLink: () => ({ text }) => React.createElement("span", null, text),
    operations: (Operations) => (props) => React.createElement(React.Fragment, null,
      React.createElement("h2", { className: "visually-hidden" }, t("page.docs.calls")),
      React.createElement(Operations, props)),
  },
});

window.SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, showExtensions: true, showCommonExtensions: true,
  presets: [window.SwaggerUIBundle.presets.apis], plugins: [accessible],
});

/** Names the tables of answers and the choices of parameters, and lets the keyboard scroll the examples. */
function complete(root) {
  for (const table of root.querySelectorAll(".responses-table:not([aria-label])")) {
    const call = table.closest(".opblock").querySelector(".opblock-summary-path-description-wrapper").textContent;
    table.ariaLabel = t("page.docs.answers", { call });
  }
  for (const select of root.querySelectorAll(".parameters select:not([aria-label])")) {
    select.ariaLabel = select.closest("tr").querySelector(".parameter__name").textContent;
  }
  for (const example of root.querySelectorAll("pre:not([tabindex])")) example.tabIndex = 0;
}

const root = document.getElementById("swagger-ui");
new MutationObserver(() => complete(root)).observe(root, { childList: true, subtree: true });
