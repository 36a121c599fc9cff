// Templates and webhooks between wire and store. The secret of a webhook goes in and never out.
import type { Static } from "typebox";
import type { CustomerId, WorkloadId } from "../../model/fleet.ts";
import { resourceVector } from "../../model/resources.ts";
import { success } from "../../model/result.ts";
import { durationMs, SECOND_MS } from "../../model/time.ts";
import type { ReadinessCheck } from "../../model/workload-template.ts";
import type { Template, TemplateBody, Webhook, WebhookBody } from "../contract/hand-overs.ts";
import { type DocumentForm, ownerOfWorkload } from "./document-forms.ts";
import type { HandOverDesk } from "./hand-over-desk.ts";
import { unknown, wrongField } from "./refusals.ts";

const INTERVAL_SECONDS = 5;
const TIMEOUT_SECONDS = 2;
const SUCCESSES = 2;

export const templateForm: DocumentForm<"template", typeof TemplateBody, Template> = {
  kind: "template",
  noun: "template of workload",
  path: "/v1/workloads",
  toWire({ image, size, readiness }) {
    return { image, ...(size && { size: { ...size } }), ...(readiness && { readiness: readinessToWire(readiness) }) };
  },
  async toChange({ id, body: { image, size, readiness }, store }) {
    const owner = await ownerOfWorkload(store, id);
    if (!owner.ok) return owner;
    if (readiness?.kind === "tcp" && readiness.path !== undefined)
      return wrongField("/readiness/path", "a TCP connection asks for no path");
    const value = {
      ...{ workload: id as WorkloadId, image },
      ...(size && { size: resourceVector(size) }),
      ...(readiness && { readiness: readinessOf(readiness) }),
    };
    const needs = [{ kind: "workload" as const, id }];
    return success({ kind: "template", id, value, customer: owner.value, needs });
  },
};

function readinessOf(declared: NonNullable<Static<typeof TemplateBody>["readiness"]>): ReadinessCheck {
  const { kind, path = "/", successes = SUCCESSES } = declared;
  const { intervalSeconds = INTERVAL_SECONDS, timeoutSeconds = TIMEOUT_SECONDS } = declared;
  const pace = {
    intervalMs: durationMs(intervalSeconds * SECOND_MS),
    timeoutMs: durationMs(timeoutSeconds * SECOND_MS),
    successes,
  };
  return kind === "http" ? { ...pace, kind, path } : { ...pace, kind };
}

function readinessToWire(check: ReadinessCheck): NonNullable<Template["readiness"]> {
  const { intervalMs, timeoutMs, successes } = check;
  const pace = { intervalSeconds: intervalMs / SECOND_MS, timeoutSeconds: timeoutMs / SECOND_MS, successes };
  return check.kind === "http" ? { kind: "http", path: check.path, ...pace } : { kind: "tcp", ...pace };
}

export function webhookForm({
  checkWebhook,
}: Pick<HandOverDesk, "checkWebhook">): DocumentForm<"webhook", typeof WebhookBody, Webhook> {
  return {
    kind: "webhook",
    noun: "webhook of customer",
    path: "/v1/customers",
    toWire: ({ url }) => ({ url }),
    async toChange({ id, body: { url, secret }, store }) {
      const owner = await store.documents.get("customer", id);
      if (!owner.ok) return owner;
      if (owner.value === undefined) return unknown("customer", id);
      const checked = checkWebhook({ url, secret });
      if (!checked.ok) return wrongField("/url", checked.error.message.replace(/\.$/, ""));
      const needs = [{ kind: "customer" as const, id }];
      return success({ kind: "webhook", id, value: { url, secret }, customer: id as CustomerId, needs });
    },
  };
}
