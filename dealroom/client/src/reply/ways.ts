// The ways a sealed reply takes to the seller. None of them needs another, and none but the first needs a network.

// Windows hands no longer address to a mail program than 2,048 characters; some room for what a browser adds.
const LONGEST_MAILTO = 2000;
// Ample for a slow network; a reply is a few KB. In milliseconds.
const LONGEST_WAIT = 20_000;
// A browser reads a saved file's address when it starts to save; this is ample. In milliseconds.
const ADDRESS_LIFETIME = 60_000;

export type Delivery = "taken" | "unreachable" | "busy" | "refused";

/** Posts a reply to the server that takes them. Only `taken` means that it is stored. */
export async function post(endpoint: string, room: string, text: string): Promise<Delivery> {
  let response: Response;
  try {
    response = await fetch(`${endpoint.replace(/\/+$/, "")}/${room}`, {
      method: "POST",
      body: text,
      headers: { "Content-Type": "text/plain" },
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
  } catch {
    return "unreachable";
  }
  if (response.status === 202) {
    return "taken";
  }
  if (response.status === 429) {
    return "busy";
  }
  return response.status >= 500 ? "unreachable" : "refused";
}

/** The address that opens the reader's mail program, and whether the reply is in it or has to be pasted. */
export function mailto(
  email: string | null,
  words: { readonly subject: string; readonly body: string },
  text: string,
): { readonly address: string; readonly holdsReply: boolean } {
  const start = `mailto:${encodeURIComponent(email ?? "").replaceAll("%40", "@")}?subject=${encodeURIComponent(words.subject)}`;
  const lines = (written: string) => encodeURIComponent(written.replaceAll("\n", "\r\n"));
  // In some scripts the sentence before the reply takes more room than there is.
  const bodies = [`${words.body}\n\n${text}`, text];
  const addresses = bodies.map((body) => `${start}&body=${lines(body)}`);
  const address = addresses.find((each) => each.length <= LONGEST_MAILTO);
  return { address: address ?? start, holdsReply: address !== undefined };
}

/** Opens an address that leads to another program, like that for mail. */
export function follow(address: string): void {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.click();
}

/** Saves a text as a file. */
export function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_LIFETIME);
}

/** Copies a text. False when the browser does not let it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
