// Copies a link to the configuration; loaded when it is first used.

import { copyText } from "../core/copying.js";
import { t } from "../core/text.js";
import { toHash } from "./sharing.js";

/** Copies a link that contains the configuration; where this is not allowed, the address is set to it. */
export async function shareLink(store, session) {
  const link = `${location.origin}/${toHash(session.accepted())}`;
  const copied = await copyText(link);
  if (!copied) history.replaceState(history.state, "", link);
  const text = copied ? t("studio.notice.link_copied") : t("studio.notice.link_in_address");
  store.set({ notice: { text, kind: "info", at: performance.now() } });
}
