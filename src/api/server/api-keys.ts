// API keys: 32 random bytes that only their owner ever sees. What is kept is their hash, and finding it is all the checking.
import { createHash, randomBytes, randomUUID } from "node:crypto";

const PREFIX = "hr_";
const SECRET_BYTES = 32;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62 ** 43 > 2 ** 256 */
const SECRET_DIGITS = 43;
const SECRET_FORM = /^hr_[0-9A-Za-z]{43}$/;

export function newSecret(): string {
  let rest = BigInt(`0x${randomBytes(SECRET_BYTES).toString("hex")}`);
  let digits = "";
  for (let place = 0; place < SECRET_DIGITS; place++) {
    digits = (DIGITS[Number(rest % 62n)] ?? "0") + digits;
    rest /= 62n;
  }
  return PREFIX + digits;
}

export function isSecret(text: string): boolean {
  return SECRET_FORM.test(text);
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function newKeyId(): string {
  return `key-${randomUUID().slice(0, 18)}`;
}
