/**
 * The cuts of one object that were read with a wrong guess and must be read again. Every quote opens or closes a quoted stretch, so a cut
 * starts inside quotes exactly when an odd number of them lies before it. Whatever a cut guessed, its own parity is right.
 *
 * `parities[i]` is the quoteParity of cut i in the order of the object, `guesses[i]` its insideQuotes. Answers positions, ascending.
 */
export function cutsToRepeat(parities: readonly number[], guesses: readonly boolean[]): number[] {
  const wrong: number[] = [];
  let before = 0;
  parities.forEach((parity, cut) => {
    if (guesses[cut] !== (before === 1)) wrong.push(cut);
    before ^= parity;
  });
  return wrong;
}
