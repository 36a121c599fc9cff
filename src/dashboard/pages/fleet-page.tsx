// Fleet: is there enough, and how much is too much? One sentence, one picture, then the numbers behind them.
import type { ReactNode } from "react";
import type { FleetView } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import { HOUR_MS } from "../../model/time.ts";
import { fleetPicture } from "../charts/fleet-picture.ts";
import { TimeChart } from "../charts/time-chart.tsx";
import { Legend } from "../marks.tsx";
import { Card } from "../parts/card.tsx";
import { DecisionFeed } from "../parts/decision-feed.tsx";
import { HostStrip } from "../parts/host-strip.tsx";
import { plainSentence, Sentence } from "../parts/sentence.tsx";
import { EmptyPage } from "../parts/states.tsx";
import { Statistics } from "../parts/statistics.tsx";
import { useIsPhone } from "../phone.ts";
import { amountWithUnit, isLimited, RESOURCE_WORDS, scaleOf } from "../units.ts";
import { fleetSecondSentence, fleetSentence, fleetStatistics, readyOf } from "./fleet-words.ts";

const DECISIONS_SHOWN = 8;

export function FleetPage({ fleet, resource }: { fleet: FleetView; resource: Resource }): ReactNode {
  const { hosts, totals, decisions } = fleet.latest;
  const isPhone = useIsPhone();
  if (hosts.length === 0)
    return <EmptyPage title="No hosts yet.">Headroom is running, and waits for the first host to be seen.</EmptyPage>;
  const scale = scaleOf(resource, Math.max(readyOf(totals, resource), totals.used[resource]));
  const shown = { fleet, resource, scale };
  const sentence = fleetSentence(shown);
  const hours = isPhone ? 12 : 24;
  return (
    <>
      <Sentence parts={sentence} />
      <p className="second-sentence">{fleetSecondSentence(shown)}</p>
      <Card
        title={`${RESOURCE_WORDS[resource]}, last ${hours} h`}
        note={scale.unit}
        aside={
          <Legend
            entries={[
              ["used", "used"],
              ["base", "base"],
              ["leased", "leased"],
              ["buffer", "buffer"],
              ["short", "short"],
            ]}
          />
        }
      >
        <TimeChart
          model={fleetPicture({ ...shown, spanMs: hours * HOUR_MS })}
          label={`${RESOURCE_WORDS[resource]} over the last ${hours} hours. ${plainSentence(sentence)}`}
          height={isPhone ? 260 : 340}
          cursorKey="fleet"
        />
      </Card>
      <Statistics entries={fleetStatistics(shown)} />
      <Card
        title="Hosts"
        note={`${capacityNote(fleet, resource)}The thick mark is what is used.`}
        aside={
          <Legend
            entries={[
              ["base", "base"],
              ["leased", "leased"],
              ["buffer", "buffer"],
              ["used", "used"],
            ]}
          />
        }
      >
        <HostStrip hosts={hosts} resource={resource} scale={scale} />
      </Card>
      <Card title="Latest decisions" note="All resources">
        <DecisionFeed decisions={decisions} most={DECISIONS_SHOWN} />
      </Card>
    </>
  );
}

/** Said once when all hosts are alike. */
function capacityNote({ latest }: FleetView, resource: Resource): string {
  const sizes = new Set(latest.hosts.map((host) => host.capacity[resource]));
  const [size = 0] = sizes;
  if (sizes.size !== 1 || !isLimited(size)) return "";
  return `${amountWithUnit(size, scaleOf(resource, size))} each. `;
}
