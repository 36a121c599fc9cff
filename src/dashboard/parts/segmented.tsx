// A few choices of which one holds, as buttons side by side.
import type { ReactNode } from "react";

interface SegmentedProps<Choice extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [Choice, string])[];
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

export function Segmented<Choice extends string>(given: SegmentedProps<Choice>): ReactNode {
  return (
    <fieldset className="segmented">
      <legend className="hidden-text">{given.label}</legend>
      {given.choices.map(([choice, words]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === given.chosen}
          onClick={() => given.onChoose(choice)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
