import { test } from "vitest";
import { expectSeedsHeld } from "./held-seeds.arbitrary.ts";

// Two files, so that two processors share them.
test("seeds 1 to 100: whatever goes wrong, every invariant holds", () => expectSeedsHeld({ from: 1, to: 100 }));
