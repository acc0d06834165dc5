import { describe, expect, test } from "vitest";
import { headersOf, readRange } from "./answers";
import { inertType, kindOf } from "./kinds";
import { fileAddress, newToken, readAddress } from "./messages";

describe("ranges", () => {
  test.each([
    [null, null],
    ["bytes=0-", { from: 0, to: 100 }],
    ["bytes=10-19", { from: 10, to: 20 }],
    ["bytes=90-500", { from: 90, to: 100 }],
    ["bytes=-30", { from: 70, to: 100 }],
    ["bytes=100-", "none"],
    ["bytes=20-10", "none"],
    ["bytes=0-1,5-6", null],
    ["lines=1-2", null],
  ])("%s of 100 bytes", (header, range) => {
    expect(readRange(header, 100)).toEqual(range);
  });
});

describe("headers", () => {
  const film = { name: "Tür & 'Tor'.mp4", type: "video/mp4", size: 100 };

  test("of a film that is sought", () => {
    expect(headersOf(film, { from: 10, to: 20 }, false)).toMatchObject({
      "Content-Type": "video/mp4",
      "Content-Range": "bytes 10-19/100",
      "Content-Length": "10",
      "Accept-Ranges": "bytes",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": expect.stringContaining("sandbox"),
    });
  });

  test("of what is saved: its name, and no type that could be shown", () => {
    const headers = headersOf(film, null, true);
    expect(headers["Content-Type"]).toBe("application/octet-stream");
    expect(headers["Content-Disposition"]).toBe(
      "attachment; filename=\"T_r _ _Tor_.mp4\"; filename*=UTF-8''T%C3%BCr%20%26%20%27Tor%27.mp4",
    );
  });

  test.each(["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "constructor"])(
    "of %s, which is never shown",
    (type) => {
      const headers = headersOf({ ...film, type }, null, false);
      expect(headers["Content-Type"]).toBe("application/octet-stream");
      expect(headers["Content-Disposition"]).toMatch(/^attachment;/);
      expect(kindOf(type)).toBeNull();
    },
  );

  test("texts are plain text to the browser", () => {
    expect(inertType("text/csv")).toBe("text/plain");
    expect(inertType("text/html")).toBe("application/octet-stream");
  });
});

describe("addresses", () => {
  const scope = "https://rooms.example/sub/room/";

  test("are read back", () => {
    const token = newToken();
    expect(readAddress(scope, fileAddress(scope, token, true))).toEqual({ token, save: true });
    expect(readAddress(scope, `${fileAddress(scope, token, false)}#page=2`)).toEqual({
      token,
      save: false,
    });
  });

  test.each(["", "o/0123456789abcdef0123456789abcdef", "d/short", "d/../index.html"])(
    "%j is none",
    (path) => {
      expect(readAddress(scope, scope + path)).toBeNull();
    },
  );

  test("of another room are none", () => {
    expect(
      readAddress(scope, fileAddress("https://rooms.example/other/", newToken(), false)),
    ).toBeNull();
  });
});
