/** What every staff page does for the drafts of this tab: none outlives its sending, its writer or the sign-in. */
import { makeDrafts } from "./lib/form/draft.js";

const drafts = makeDrafts(sessionStorage);
const signOut = document.querySelector("[data-sign-out]");
const sent = document.querySelector("[data-pin-sent]");
const signedOut = new BroadcastChannel("signed-out");

if (signOut) drafts.forgetOthers(signOut.dataset.user);
if (sent) drafts.forgetSent(sent.dataset.pinSent);
signOut?.addEventListener("submit", () => {
  drafts.forgetAll();
  // The same person's other tabs.
  signedOut.postMessage("");
});
signedOut.addEventListener("message", () => drafts.forgetAll());
