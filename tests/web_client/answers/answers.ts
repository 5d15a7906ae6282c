/** By the name of a call: what answers it. Each call knows what it is given. */
export type Answers = Record<string, (given: never) => unknown>;
