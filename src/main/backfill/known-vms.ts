// The VMs that a service knows and this key may see; undefined where the key may not look.
import type { ApiClient } from "../../api/client/client.ts";

const PAGE = 500;
const VMS_MAX = 200_000;

export async function knownVms(client: ApiClient): Promise<ReadonlySet<string> | undefined> {
  const known = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const page = await client.listVms({ query: { limit: PAGE, ...(after !== undefined && { after }) } });
    if (!page.ok) return undefined;
    for (const { id } of page.value.items) known.add(id);
    after = page.value.next ?? undefined;
    if (after === undefined || known.size >= VMS_MAX) return known;
  }
}
