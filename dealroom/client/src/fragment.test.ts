import { describe, expect, test } from "vitest";
import { readFragment } from "./fragment";

const SECRET = "A".repeat(43);

describe("a fragment", () => {
  test("may hold the secret of a link", () => {
    expect(readFragment(`#k=${SECRET}`)).toEqual({ secret: new Uint8Array(32), anchor: null });
  });

  test("may hold a secret and a place to go to", () => {
    const { secret, anchor } = readFragment(`#k=${SECRET}&at=milestone-security%20review`);
    expect(secret).toEqual(new Uint8Array(32));
    expect(anchor).toBe("milestone-security review");
  });

  test.each([
    `#k=${SECRET}.`,
    `#k=${SECRET})`,
    `#k=${SECRET}%20`,
    `#k=${SECRET}&utm_source=mail`,
    `#k%3D${SECRET}`,
  ])("may have been changed on its way: %s", (hash) => {
    expect(readFragment(hash)).toEqual({ secret: new Uint8Array(32), anchor: null });
  });

  test.each([
    ["", null],
    ["#", null],
    ["#milestone-pilot", "milestone-pilot"],
    ["#kickoff", "kickoff"],
    ["#100%", "100%"],
  ])("that holds no secret is a place: %s", (hash, anchor) => {
    expect(readFragment(hash)).toEqual({ secret: "none", anchor });
  });

  test.each([`#k=${SECRET.slice(1)}`, `#k=${SECRET}A`, "#k=", `#k=${SECRET.slice(1)}*`])(
    "that was cut off or mistyped is broken: %s",
    (hash) => {
      expect(readFragment(hash).secret).toBe("broken");
    },
  );
});
