// What a process remembers, told from another memory by a hash. Everything in a
// cell's memory is plain data; what is no data (a network that answers) is shared.

/** FNV-1a by words over all that is remembered, in the order in which it is kept. Equal memories have equal hashes. */
export function hashOf(memory: unknown): number {
  const hash = { value: 0x811c9dc5 };
  hashAny(memory, hash);
  return hash.value >>> 0;
}

interface Hash {
  value: number;
}

/** Memories have no cycles; whether two parts are one object or two that are equal does not count. */
function hashAny(value: unknown, hash: Hash): void {
  if (typeof value !== "object" || value === null) hashPlain(value, hash);
  else if (ArrayBuffer.isView(value)) hashWords(value, hash);
  else if (value instanceof Set) for (const each of value) hashAny(each, hash);
  else
    for (const [key, each] of value instanceof Map ? value : Object.entries(value)) {
      hashAny(key, hash);
      hashAny(each, hash);
    }
}

function hashPlain(value: unknown, hash: Hash): void {
  if (typeof value === "number") hashWords(Float64Array.of(value), hash);
  else {
    const text = typeof value === "function" ? "function" : String(value);
    for (let index = 0; index < text.length; index++) mix(hash, text.charCodeAt(index));
    mix(hash, 0xffff);
  }
}

function hashWords({ buffer, byteOffset, byteLength }: ArrayBufferView, hash: Hash): void {
  const words = byteLength % 4 === 0 && byteOffset % 4 === 0;
  const parts = words
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new Uint8Array(buffer, byteOffset, byteLength);
  for (let index = 0; index < parts.length; index++) mix(hash, parts[index] as number);
}

function mix(hash: Hash, word: number): void {
  hash.value = Math.imul(hash.value ^ word ^ (hash.value >>> 15), 0x01000193);
}
