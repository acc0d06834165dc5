// HTML from the preview server as a document of its own, of which nothing runs.

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML(html: string): string };
}

// A room's policy demands that HTML passes a policy before it is parsed.
const POLICY = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  "dealroom-preview",
  { createHTML: (html) => html },
);

export function parsePage(html: string): Document {
  return new DOMParser().parseFromString(POLICY ? POLICY.createHTML(html) : html, "text/html");
}
