// Server-sent events from the preview server.

/** Where the preview server tells of changes. */
const EVENTS = "/-/events";

/**
 * Calls `handle` with the data of each event called `name`, while the page is visible. A browser opens only six
 * connections to a server: a dozen hidden tabs that each hold one would leave none for the page in front. The server
 * sends the present state first, so that a page which comes into view catches up.
 */
export function listen(
  name: string,
  query: URLSearchParams,
  handle: (data: unknown) => void,
): void {
  let source: EventSource | null = null;
  const follow = (): void => {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = null;
    } else if (source === null) {
      source = new EventSource(`${EVENTS}?${query}`);
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  };
  document.addEventListener("visibilitychange", follow);
  // A page that waits in the history must not hold its connection either.
  addEventListener("pagehide", () => {
    source?.close();
    source = null;
  });
  addEventListener("pageshow", follow);
  follow();
}
