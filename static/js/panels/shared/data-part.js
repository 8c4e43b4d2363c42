// The part of the data that a panel shows, in its line: "Test part, 120 points".

import { setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";

/** "Test part, 120 points": `part` is train, validation or test, `count` the number of its points that are shown. */
export const partText = (part, count) => t(`panel.shared.over.${part}`, { count, number: integer(count) });

/** Shows the part in the line of a panel; on small screens this line is shown, those of other panels are not. */
export function showPart({ subtitle }, text) {
  if (!subtitle.classList.contains("data-part")) subtitle.classList.add("data-part");
  setText(subtitle, text);
}
