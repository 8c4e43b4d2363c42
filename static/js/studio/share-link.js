// Sharing the configuration as a link; loaded when it is first used.

import { t } from "../core/text.js";
import { toHash } from "./sharing.js";

/** Copy a link that carries the configuration, and put it into the address. */
export async function shareLink(store, session) {
  const link = `${location.origin}/${toHash(session.accepted())}`;
  const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
  history.replaceState(null, "", link);
  const text = copied ? t("studio.notice.link_copied") : t("studio.notice.link_in_address");
  store.set({ notice: { text, kind: "info", at: performance.now() } });
}
