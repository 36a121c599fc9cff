// Asks for the key that the service wants, and says so when the one that was given is not in force.
import { type FormEvent, type ReactNode, useState } from "react";
import type { Problem } from "../../api/contract/live.ts";
import { beginWithKey, keptKey } from "../key.ts";
import { Banner } from "./states.tsx";

export function KeyPage({ problem }: { problem: Problem }): ReactNode {
  const [typed, setTyped] = useState("");
  const key = typed.trim();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (key !== "") beginWithKey(key);
  };
  return (
    <section className="empty">
      <h1 className="sentence">This service asks who you are.</h1>
      {keptKey() !== undefined && <Banner tone="bad">{problem.title.replace(/\.?$/, ".")}</Banner>}
      <form className="key-form" onSubmit={submit}>
        <label htmlFor="key">Your API key</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="hr_..."
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" disabled={key === ""}>
          Show
        </button>
      </form>
      <p className="second-sentence">
        Operators see the whole fleet, customers their own part. The first operator's key was printed when{" "}
        <code className="mono">headroom serve</code> was started first; operators make others with{" "}
        <code className="mono">headroom keys add</code>. It is kept until this tab is closed.
      </p>
    </section>
  );
}
