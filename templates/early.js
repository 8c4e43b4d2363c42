    // A reload creates a new run, which replaces the run of this tab unless that has a name.
    // Returning with the browser's Back button opens the run that this tab showed.
    const navigation = performance.getEntriesByType("navigation")[0]?.type;
    window.replacedRun = (navigation === "reload" && sessionStorage.getItem("perceptarium-run")) || null;
    window.reopenedRun = (navigation === "back_forward" && history.state?.run) || null;
    // Requests the first run, the stream of its first views, and what the page needs to know of all configurations,
    // and reads what is answered, while the modules are still being loaded.
    if (location.hash.length < 8 && !reopenedRun) {
      const early = (window.early = { messages: [], socket: null });
      const config = JSON.parse(document.getElementById("default-config").textContent);
      const views = ["decision_boundary", "network", "activation_histograms"];
      // What is read is a promise of the response whose body is read too, as `json` finds it.
      const read = (path, { headers, ...options } = {}) => {
        const language = { "Accept-Language": document.documentElement.lang }; // as in core/api.js
        const answered = fetch(path, { headers: { ...language, ...headers }, ...options }).then((response) => {
          const body = response.json();
          body.catch(() => null);
          return Object.defineProperty(response, "json", { value: () => body });
        });
        answered.catch(() => null);
        return answered;
      };
      early.response = read("/api/runs", {
        method: "POST",
        priority: "high",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...config, start: false, replaces: replacedRun, speed: {{ first_speed }}, views }),
      }).then((response) => {
        if (!response.ok) return response;
        // The address of the run comes from the header, because the body arrives later.
        const query = `after=0&encoding=compact&views=${views}`;
        const stream = new URL(`${response.headers.get("location")}/stream?${query}`, location.href);
        early.socket = new WebSocket(stream.href.replace("http", "ws"));
        early.socket.binaryType = "arraybuffer";
        early.socket.onmessage = (message) => {
          const { readable, writable } = new DecompressionStream("deflate-raw"); // as in core/compact.js
          const writer = writable.getWriter();
          const sent = Promise.all([writer.write(message.data.slice(1)), writer.close()]);
          const inflated = Promise.all([new Response(readable).arrayBuffer(), sent]).then(([content]) => content);
          early.messages.push({ data: message.data, inflated });
        };
        return response;
      });
      early.response.catch(() => null);
      early.description = [read("/api/catalogue"), read("/api/schema")];
    }
