// The button of the presentation mode. Loaded with its first press.

/** Opens the run of the page in presentation mode, or leaves this mode; the text of canvases needs a new page. */
export function togglePresentation({ get }) {
  const query = new URLSearchParams(location.search);
  const presents = query.has("present");
  query.delete("present");
  const rest = [...(presents ? [] : ["present"]), query.toString()].filter(Boolean).join("&");
  const { run } = get();
  location.assign(`${run ? `/runs/${run.id}` : location.pathname}${rest && `?${rest}`}`);
}
