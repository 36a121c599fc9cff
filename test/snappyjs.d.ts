// The part of snappyjs that tests write with: it brings no types of its own.
declare module "snappyjs" {
  export function compress(bytes: Buffer): Buffer;
}
