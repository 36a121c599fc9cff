// A forecast as CSV: a row a window, one column a quantile.
import type { ForecastReport, SeriesForecast } from "../../model/forecast-report.ts";

const COLUMNS = ["name", "resource", "unit", "model", "kind", "start", "end"] as const;

/** Quantiles are empty where too little is known to say anything. */
export function forecastCsv({ levels, series }: ForecastReport): string {
  const lines = [[...COLUMNS, ...levels.map((level) => `q${level}`)].join(",")];
  for (const one of series) for (const line of rowsOf(one, levels.length)) lines.push(line);
  return `${lines.join("\n")}\n`;
}

function rowsOf({ name, resource, unit, models }: SeriesForecast, levels: number): string[] {
  return models.flatMap(({ model, windows }) =>
    windows.map(({ kind, start, end, quantiles }) => {
      const told = [name, resource ?? "", unit ?? "", model, kind, start, end].map(field);
      return [...told, ...(quantiles ?? Array.from({ length: levels }, () => ""))].join(",");
    }),
  );
}

/** RFC 4180. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
