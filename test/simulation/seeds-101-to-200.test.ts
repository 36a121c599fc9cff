import { test } from "vitest";
import { expectSeedsHeld } from "./held-seeds.arbitrary.ts";

test("seeds 101 to 200: whatever goes wrong, every invariant holds", () => expectSeedsHeld({ from: 101, to: 200 }));
