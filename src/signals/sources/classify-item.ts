// What an item of a feed is taken for, by weighed words that are told with the answer: about none of the topics it is nothing. What
// people said of earlier items weighs as words do, so that a correction changes later answers.
import { ITEM_LABELS, type ItemLabel, type ItemLesson, type Topic } from "../../model/source.ts";
import { EMPTY_WORDS, KNOWN_TERMS, type WeighedTerm } from "./item-words.ts";

export interface ItemQuestion {
  readonly title: string;
  readonly text: string;
  readonly topics: readonly Topic[];
  readonly lessons: readonly ItemLesson[];
}

export interface ItemVerdict {
  readonly label: ItemLabel;
  /** The first one that it is about. */
  readonly topic: string | undefined;
  /** 0..1, of the label. */
  readonly confidence: number;
  /** What spoke for or against, the heaviest first. */
  readonly matched: readonly WeighedTerm[];
  readonly because: string;
}

/** A word further down counts half. */
const TEXT_SHARE = 0.5;
/** Of all terms of one label together: what nothing is known of is most likely nothing. */
const WEIGHT_OF_NOTHING = 1;
const WEIGHT_OF_LESSON = 2;
const WEIGHT_OF_WORD_MAX = 4;
const CONFIDENCE_LEAST = 0.5;

export function classifyItem({ title, text, topics, lessons }: ItemQuestion): ItemVerdict {
  const [head, body] = [asWords(title), asWords(text)];
  const has = (words: string, term: string) => words.includes(asTerm(term));
  const topic = topics.find(({ terms }) => terms.some((term) => has(head, term) || has(body, term)))?.name;
  if (topic === undefined) {
    const because = "it is about none of the topics";
    return { label: "nothing", topic, confidence: 1, matched: [], because };
  }
  const terms = [...KNOWN_TERMS, ...learnedTerms(lessons, topics)];
  const matched = terms
    .flatMap((each) => {
      const share = has(head, each.term) ? 1 : has(body, each.term) ? TEXT_SHARE : 0;
      return share === 0 ? [] : [{ ...each, weight: each.weight * share }];
    })
    .toSorted((left, right) => right.weight - left.weight || (left.term < right.term ? -1 : 1));
  const { label, confidence } = likeliest(matched);
  return { label, topic, confidence, matched, because: sentenceOf({ label, topic, confidence, matched }) };
}

/** The soft maximum of the weights of each label. What is not likelier than all else together is nothing. */
function likeliest(matched: readonly WeighedTerm[]): Pick<ItemVerdict, "label" | "confidence"> {
  const weights = ITEM_LABELS.map((label) => {
    const own = matched.filter((each) => each.label === label).reduce((sum, { weight }) => sum + weight, 0);
    return Math.exp(own + (label === "nothing" ? WEIGHT_OF_NOTHING : 0));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const largest = Math.max(...weights);
  const label = ITEM_LABELS[weights.indexOf(largest)] ?? "nothing";
  if (label !== "nothing" && largest / total < CONFIDENCE_LEAST)
    return { label: "nothing", confidence: 1 - largest / total };
  return { label, confidence: largest / total };
}

/** Each lesson shares its weight among the words of its text that say something. */
function learnedTerms(lessons: readonly ItemLesson[], topics: readonly Topic[]): WeighedTerm[] {
  const about = new Set(topics.flatMap(({ terms }) => terms.flatMap((term) => wordsOf(term))));
  const learned = new Map<string, WeighedTerm>();
  for (const { text, label } of lessons) {
    const words = [...new Set(wordsOf(text))].filter(
      (word) => word.length > 2 && !EMPTY_WORDS.has(word) && !about.has(word),
    );
    for (const term of words) {
      const key = `${label} ${term}`;
      const before = learned.get(key)?.weight ?? 0;
      const weight = Math.min(before + WEIGHT_OF_LESSON / Math.sqrt(words.length), WEIGHT_OF_WORD_MAX);
      learned.set(key, { term, label, weight });
    }
  }
  return [...learned.values()];
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}%][\p{L}\p{N}'-]*/gu) ?? [];
}

/** With a space around each word, so that a phrase is found as a whole and "sale" not within "wholesale". */
function asWords(text: string): string {
  return ` ${wordsOf(text).join(" ")} `;
}

function asTerm(term: string): string {
  return asWords(term);
}

const TERMS_TOLD_MAX = 5;

function sentenceOf({ label, topic, confidence, matched }: Omit<ItemVerdict, "because">): string {
  const told = matched
    .slice(0, TERMS_TOLD_MAX)
    .map(({ term, label: of, weight }) => `"${term}" (${of} ${weight.toFixed(1)})`);
  const words = told.length === 0 ? "no word that is known" : told.join(", ");
  return `about ${topic}, ${label} with ${Math.round(confidence * 100)} %: ${words}`;
}
