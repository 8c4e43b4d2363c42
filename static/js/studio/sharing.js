// Links that contain a whole configuration in their hash; shared-config.js reads them.

/** The configuration of a first visit; part of the page, because templates/early.js needs it before the modules. */
export const defaultConfig = () => JSON.parse(document.getElementById("default-config").textContent);

export function toHash(config) {
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  return `#${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}
