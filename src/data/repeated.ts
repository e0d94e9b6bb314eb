/** The first name that was there before; a set knows, as tables may have 100,000 columns. */
export function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
