// The colour of text on a coloured cell.

/** Black or white, whichever has the larger contrast: by the luminance of the background [r, g, b], 0 to 255. */
export function textColour([r, g, b]) {
  const luminance = 0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2;
  return luminance > 0.178 ? "#000" : "#fff";
}
