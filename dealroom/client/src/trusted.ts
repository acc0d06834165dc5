// The one policy that the page's CSP allows (`trusted-types dealroom`): HTML of the room, and its service worker.

interface Policy {
  createHTML(html: string): string;
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

/** The service worker, at the site's root so that it may serve each room's folder. Its name stays when it changes. */
export const WORKER = new URL("../worker.js", import.meta.url).href;

const RULES: Policy = {
  // What passes here was sanitised when the room was built, and carries the seller's signature.
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (url !== WORKER) {
      throw new TypeError(`no script may be loaded from ${url}`);
    }
    return url;
  },
};

export const POLICY: Policy =
  (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("dealroom", RULES) ??
  RULES;
