// What events are worth to Prophet, on page views of five years with play-offs known ahead.
import { expect, test } from "vitest";
import { HAS_PEYTON_MANNING, readPageViews, scorePageViews } from "../../bench/peyton-manning.ts";
import { prophetModel } from "../../src/forecast/models/prophet-model.ts";

const REASON = "the page views of the anchors are not at ../shared/data/forecast-anchors";

test("Peyton Manning: sharper than Prophet and than regression, over all days and on the days of an event", (context) => {
  context.skip(!HAS_PEYTON_MANNING, REASON);
  const data = readPageViews();
  const seen = scorePageViews(prophetModel(), { data, log: false, withEvents: true });
  const blind = scorePageViews(prophetModel(), { data, log: false, withEvents: false });
  expect(seen.all).toBeLessThan(0.36);
  expect(seen.event).toBeLessThan(0.29);
  expect(blind.event).toBeGreaterThan(2 * seen.event);
});
