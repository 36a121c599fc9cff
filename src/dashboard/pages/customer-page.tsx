// Customer: do I have what I will need? One large chart of the chosen resource, three small ones of the others.
import type { ReactNode } from "react";
import type { CustomerChart } from "../../api/contract/live.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { HOUR_MS } from "../../model/time.ts";
import { customerPicture } from "../charts/customer-picture.ts";
import { TimeChart } from "../charts/time-chart.tsx";
import { Legend } from "../marks.tsx";
import { Card } from "../parts/card.tsx";
import { plainSentence, Sentence } from "../parts/sentence.tsx";
import { EmptyPage } from "../parts/states.tsx";
import { useIsPhone } from "../phone.ts";
import { amountText, amountWithUnit, RESOURCE_WORDS, type Scale, scaleOf } from "../units.ts";
import { customerSecondSentence, customerSentence } from "./customer-words.ts";

interface CustomerPageProps {
  readonly chart: CustomerChart;
  readonly resource: Resource;
  readonly onResource: (resource: Resource) => void;
}

export function CustomerPage({ chart, resource, onResource }: CustomerPageProps): ReactNode {
  const isPhone = useIsPhone();
  if (chart.at.length === 0)
    return <EmptyPage title="Nothing seen yet.">The first tick of {chart.name} is not finished.</EmptyPage>;
  const shown = { chart, resource, scale: scaleFor(chart, resource) };
  const sentence = customerSentence(shown);
  const hours = isPhone ? 12 : 24;
  return (
    <>
      <Sentence parts={sentence} />
      <p className="second-sentence">{customerSecondSentence(shown)}</p>
      <Card
        title={`${RESOURCE_WORDS[resource]}, last ${hours} h and next ${hours} h`}
        note={shown.scale.unit}
        aside={
          <Legend
            entries={[
              ["used", "used"],
              ["allowed", "allowed"],
              ["forecast", "forecast"],
              ["from-buffer", "from buffer"],
              ["short", "short"],
            ]}
          />
        }
      >
        <TimeChart
          model={customerPicture({ ...shown, spanMs: hours * HOUR_MS })}
          label={`${RESOURCE_WORDS[resource]} of ${chart.name}. ${plainSentence(sentence)}`}
          height={isPhone ? 270 : 356}
          cursorKey={chart.id}
        />
      </Card>
      <div className="small-charts">
        {RESOURCES.filter((each) => each !== resource).map((each) => (
          <SmallChart key={each} chart={chart} resource={each} hours={hours} onResource={onResource} />
        ))}
      </div>
    </>
  );
}

function SmallChart({ chart, resource, hours, onResource }: CustomerPageProps & { hours: number }): ReactNode {
  const scale = scaleFor(chart, resource);
  const [used, allowed] = [chart.used[resource].at(-1) ?? 0, chart.allowed[resource].at(-1) ?? 0];
  const words = `${amountText(used, scale)} of ${amountWithUnit(allowed, scale)}`;
  return (
    <Card
      title={
        <button type="button" className="title-button" onClick={() => onResource(resource)}>
          {RESOURCE_WORDS[resource]}
        </button>
      }
      aside={<span className="note number at-end">{words}</span>}
    >
      <TimeChart
        model={customerPicture({ chart, resource, scale, spanMs: hours * HOUR_MS })}
        label={`${RESOURCE_WORDS[resource]} of ${chart.name}: ${words} used`}
        height={136}
        size="small"
        cursorKey={chart.id}
      />
    </Card>
  );
}

function scaleFor({ used, allowed }: CustomerChart, resource: Resource): Scale {
  return scaleOf(resource, Math.max(used[resource].at(-1) ?? 0, allowed[resource].at(-1) ?? 0));
}
