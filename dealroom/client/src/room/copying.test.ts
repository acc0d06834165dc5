import { expect, it } from "vitest";
import { placeAddress } from "./copying";

it("is the room's address and the place, whatever the fragment held", () => {
  const address = "https://rooms.example/a/#milestone-go-live";
  expect(placeAddress("https://rooms.example/a/#k=secret", "milestone-go-live")).toBe(address);
  expect(placeAddress("https://rooms.example/a/", "milestone-go-live")).toBe(address);
});
