/** A value with the names of its fields as the vectors have them: `closesOn` is `closes_on`. */
export function named(value: object): Record<string, unknown> {
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [snake(name), one]));
}
