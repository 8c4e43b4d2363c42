    // A reload creates a new run, which replaces the run of this tab unless that has a name.
    // Returning with the browser's Back button opens the run that this tab showed.
    const navigation = performance.getEntriesByType("navigation")[0]?.type;
    window.replacedRun = (navigation === "reload" && sessionStorage.getItem("perceptarium-run")) || null;
    window.reopenedRun = (navigation === "back_forward" && history.state?.run) || null;
    // Requests the first run, and the stream of its first views, while the modules are still being loaded.
    if (location.hash.length < 8 && !reopenedRun) {
      const early = (window.early = { frames: [], socket: null });
      const config = JSON.parse(document.getElementById("default-config").textContent);
      const views = ["decision_boundary", "network", "activation_histograms"];
      early.response = fetch("/api/runs", {
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
        early.socket.onmessage = (message) => early.frames.push(message);
        return response;
      });
      early.response.catch(() => null);
    }
