/** How long this thread has spent collecting garbage. */
/** Starts to watch; the answer tells the milliseconds since then. */
export function watchCollections(): () => number {
  let millis = 0;
  const count = (entries: readonly { readonly duration: number }[]): void => {
    for (const { duration } of entries) millis += duration;
  };
  const observer = new PerformanceObserver((list) => {
    count(list.getEntries());
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => {
    count(observer.takeRecords());
    return millis;
  };
}
