// What a page shows when it has nothing to show, or nothing new: loading, failed, empty, stale.
import type { ReactNode } from "react";
import type { Problem } from "../../api/contract/live.ts";
import { Icon } from "./icons.tsx";

/** Sentence and chart keep their size; the grey bars come only after a moment. Never a spinner. */
export function LoadingPage({ what }: { what: string }): ReactNode {
  return (
    <div className="loading" aria-busy="true">
      <p className="hidden-text">{what}</p>
      <div className="bar bar-sentence" />
      <div className="bar bar-second" />
      <div className="bar bar-chart" />
      <div className="bar bar-strip" />
    </div>
  );
}

export function FailedPage({ what, problem }: { what: string; problem: Problem }): ReactNode {
  const words = [problem.title, problem.detail].filter((part) => part !== undefined).join(": ");
  return (
    <>
      <h1 className="sentence">{what}</h1>
      <Banner tone="bad">
        {words.replace(/\.?$/, ".")} {problem.status !== 404 && "Trying again every few seconds. "}
        <code className="mono">{problem.type}</code>
      </Banner>
    </>
  );
}

/** The first minutes of a new start. */
export function NotReadyPage(): ReactNode {
  return (
    <EmptyPage title="No tick yet.">
      Headroom is in its first tick. The page fills by itself as soon as it is finished.
    </EmptyPage>
  );
}

export function EmptyPage({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="empty">
      <h1 className="sentence">{title}</h1>
      <p className="second-sentence">{children}</p>
    </section>
  );
}

export function Banner({ tone, children }: { tone: "warning" | "bad"; children: ReactNode }): ReactNode {
  return (
    <div className={`banner banner-${tone}`} role="status">
      <Icon name="warning" />
      <p>{children}</p>
    </div>
  );
}
