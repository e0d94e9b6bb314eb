/** The module of a thread or a function: in the sources as it is; as it was built beside the bundle or, seen from a chunk of it, above. */
export function moduleUrl(name: "thread" | "local"): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL(`../../functions/${name}.ts`, here);
  return new URL(here.includes("/chunks/") ? `../${name}.mjs` : `./${name}.mjs`, here);
}
