    // Inline handlers (onclick) are not allowed by the Content-Security-Policy, so these are here.
    document.documentElement.dataset.theme =
      localStorage.getItem("perceptarium-theme") ||
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const split = localStorage.getItem("perceptarium-split"); // of studio/split.js
    if (split) document.documentElement.style.setProperty("--split", split);
    addEventListener("click", (event) => {
      if (!event.target.matches?.(".skip-link")) return;
      const target = document.querySelector(event.target.hash);
      target.tabIndex = -1;
      target.focus();
      event.preventDefault();
    });
    // A link to the page in another language keeps the rest of its address, which modules change.
    addEventListener("click", ({ target }) => {
      if (!target.dataset?.language) return;
      const address = new URL(location.href);
      address.searchParams.set("lang", target.dataset.language);
      target.href = address.href;
    });
    addEventListener("submit", (event) => event.target.id === "form" && event.preventDefault());
