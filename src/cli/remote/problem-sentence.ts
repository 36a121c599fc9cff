// What went wrong with a call, as one sentence that says what to do. A key is never part of it.
import type { Problem } from "../../api/contract/live.ts";
import type { Connection } from "../service-commands.ts";

type Asked = Pick<Connection, "address" | "key"> & { readonly whereToLook?: string | undefined };

const UNREADABLE = "urn:headroom:problem:unreadable";
const NO_ROUTE = "There is nothing at this address";

export function problemSentence(problem: Problem, { address, key, whereToLook }: Asked): string {
  const { status, title, type } = problem;
  if (status === 0)
    return `Nobody answers at ${address}: start the service with headroom serve, or say where it is with --server URL.`;
  if (type === UNREADABLE) return `What answers at ${address} is not Headroom: check the address (--server URL).`;
  switch (status) {
    case 401:
      return key === "none"
        ? `${address} asks for a key: give it with --key KEY, or put it into HEADROOM_KEY.`
        : `${address} does not take the key of ${key}: it is not known, is over, or was ended. Ask an operator for another one.`;
    case 403:
      return `${ended(title)} Take a key that may, or ask an operator for one (headroom keys add).`;
    case 404:
      if (title === NO_ROUTE)
        return `The Headroom at ${address} does not know this question: it is an older one, or a demo. See headroom serve.`;
      return whereToLook === undefined ? ended(title) : `${ended(title)} ${whereToLook}`;
    case 412:
      return "Somebody else changed it at the same time, and nothing was changed by you: look at it, then try again.";
    case 429:
      return `${address} is asked too much at the moment: try again in a minute.`;
    default:
      return detailed(problem);
  }
}

/** The title names the first fault; the others follow it. */
function detailed({ title, detail, errors = [] }: Problem): string {
  const others = errors.slice(1).map((error) => `${error.pointer} ${error.detail}`);
  const told = [ended(title), ...(errors.length === 0 && detail !== undefined ? [ended(detail)] : [])];
  return [...told, ...(others.length > 0 ? [`Also: ${others.join("; ")}.`] : [])].join(" ");
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
