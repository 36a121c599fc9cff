// A white card: title, a note beside it, a legend at the right, and what it is about.
import type { ReactNode } from "react";

export function Card(given: { title: ReactNode; note?: ReactNode; aside?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className="card">
      <header>
        <h2>{given.title}</h2>
        {given.note && <span className="note">{given.note}</span>}
        {given.aside}
      </header>
      <div className="card-body">{given.children}</div>
    </section>
  );
}
