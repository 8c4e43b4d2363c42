    // A reload makes a new run: the one before goes away, unless it has a name. A second tab leaves it alone.
    // Back from another page leads to the run that was left.
    const how = performance.getEntriesByType("navigation")[0]?.type;
    window.leftBehind = (how === "reload" && sessionStorage.getItem("perceptarium-run")) || null;
    window.comingBack = (how === "back_forward" && history.state?.run) || null;
    // Ordered while the modules are still on their way: the first run and the stream of what every studio shows.
    if (location.hash.length < 8 && !comingBack) {
      const early = (window.early = { frames: [], socket: null });
      const config = JSON.parse(document.getElementById("default-config").textContent);
      early.response = fetch("/api/runs", {
        method: "POST", priority: "high", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...config, start: false, replaces: leftBehind, speed: {{ first_speed }} }),
      }).then((response) => {
        if (!response.ok) return response;
        // The header names the run: waiting for the body would be waiting behind everything else the browser does now.
        const stream = new URL(`${response.headers.get("location")}/stream?after=0&views=decision_boundary,network,activation_histograms`, location.href);
        early.socket = new WebSocket(stream.href.replace("http", "ws"));
        early.socket.onmessage = (message) => early.frames.push(message);
        return response;
      });
      early.response.catch(() => null);
    }
