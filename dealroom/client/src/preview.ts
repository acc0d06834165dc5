// Live reload. Only the preview server adds this script to a page; a published room never has it.

/** Where the preview server tells of changes, as server-sent events. */
const EVENTS = "/-/events";

const events = new EventSource(EVENTS);
// The room re-opens itself in place and keeps its scroll position.
events.addEventListener("reload", () => {
  document.dispatchEvent(new CustomEvent("dealroom:reload"));
});
