/**
 * Where the text goes on after the first line end outside quotes; `inside` is the quote state at `from`.
 * -1 when there is none and the text ends outside quotes, -2 when it ends inside.
 */
export function csvSkip(text: usize, from: u32, to: u32, inside: u32): i32 {
  for (let at = from; at < to; at++) {
    const byte = load<u8>(text + at);
    if (byte == 34) inside ^= 1;
    else if (byte == 10 && inside == 0) return at + 1;
  }
  return inside ? -2 : -1;
}
