// The key of the first operator: made when there is none at all, shown once, never kept.
import { hashOf, newKeyId, newSecret } from "../../api/server/api-keys.ts";
import type { KeyStore } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import { instant } from "../../model/time.ts";

/** Undefined: there are keys already. */
export async function firstKey(keys: KeyStore): Promise<Result<string | undefined>> {
  const known = await keys.keys({ limit: 1 });
  if (!known.ok) return known;
  if (known.value.length > 0) return success(undefined);
  const secret = newSecret();
  const at = instant(Date.now());
  const key = {
    id: newKeyId(),
    name: "first operator",
    role: "operator",
    scopes: ["read", "write", "ingest"],
    createdAt: at,
  } as const;
  const added = await keys.add(key, hashOf(secret), { id: "system", at });
  return added.ok ? success(secret) : added;
}
