import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "./plain-text.ts";

test.each([
  ["<p>Spring &amp; <b>summer</b> sale</p>", "Spring & summer sale"],
  ["<script>alert(1)</script>News", "News"],
  ["&lt;script&gt;alert(1)&lt;/script&gt;News", "News"],
  ["&amp;lt;img src=x onerror=alert(1)&amp;gt;News", "News"],
  ["<scr<script>x</script>ipt>alert(1)</script>", "alert(1)"],
  ["<![CDATA[5 < 6]]>", "5 6"],
  ["line\nbreak\u0000\u001b[31m\u202ered", "line break [31m red"],
  ["&#72;&#x49; &#99999999; &unknown;", "HI &#99999999; &unknown;"],
])("%j becomes %j", (text, plain) => {
  expect(plainText(text, 200)).toBe(plain);
});

test("whatever comes, no markup is left and the bound holds", () => {
  const part = fc.constantFrom(
    "<",
    ">",
    "&lt;",
    "&amp;",
    "script",
    "/",
    "&#60;",
    "x",
    "<!--",
    "]]>",
    '"',
    " ",
    "\u202e",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }), (parts) => {
      const plain = plainText(parts.join(""), 50);
      expect(plain).not.toMatch(/[<>\p{Cc}\u202e]/u);
      expect([...plain].length).toBeLessThanOrEqual(50);
    }),
    { seed: 1, numRuns: 500 },
  );
});
