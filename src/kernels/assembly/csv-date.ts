/** ISO 8601 dates: YYYY-MM-DD, then perhaps `T` or a space and hh:mm[:ss[.f...]], then perhaps Z or ±hh:mm. */

/** Two digits as a number; far above any other value when they are none. */
// @ts-ignore: decorator
@inline
function two(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? 10_000 : tens * 10 + ones;
}

function daysOfMonth(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = year - i32(month <= 2) + 400;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return (era - 1) * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** Days since 1970-01-01 UTC, a text without offset being UTC; NaN when it is not a date. */
export function parseDate(s: usize, e: usize): f64 {
  if (e - s < 10 || load<u8>(s, 4) != 45 || load<u8>(s, 7) != 45) return NaN;
  const century = two(s);
  const yearOfCentury = two(s + 2);
  const month = two(s + 5);
  const day = two(s + 8);
  if (century > 99 || yearOfCentury > 99 || month - 1 > 11) return NaN;
  const year = century * 100 + yearOfCentury;
  if (day - 1 >= daysOfMonth(year, month)) return NaN;
  const days = <f64>daysFromCivil(<i32>year, <i32>month, <i32>day);
  s += 10;
  return s == e ? days : days + timeOfDay(s, e);
}

/** The share of a day that `T`hh:mm... stands for, its offset subtracted; NaN when it is not a time. */
function timeOfDay(s: usize, e: usize): f64 {
  const mark = load<u8>(s);
  if (e - s < 6 || (mark != 84 && mark != 32 && mark != 116) || load<u8>(s, 3) != 58) return NaN;
  const hour = two(s + 1);
  const minute = two(s + 4);
  if (hour > 23 || minute > 59) return NaN;
  s += 6;
  let second: u32 = 0;
  let nanos: i64 = 0;
  if (s < e && load<u8>(s) == 58) {
    if (e - s < 3) return NaN;
    second = two(s + 1);
    if (second > 59) return NaN;
    s += 3;
    if (s < e && load<u8>(s) == 46) {
      const first = ++s;
      let unit: i64 = 100_000_000;
      for (; s < e && <u32>load<u8>(s) - 48 <= 9; s++) {
        nanos += unit * (<i64>load<u8>(s) - 48);
        unit /= 10;
      }
      if (s == first) return NaN;
    }
  }
  let minutes = <i64>(hour * 60 + minute);
  if (s < e) {
    const zone = load<u8>(s);
    if (zone == 90 || zone == 122) {
      s++;
    } else {
      if (e - s != 6 || (zone != 43 && zone != 45) || load<u8>(s, 3) != 58) return NaN;
      const hours = two(s + 1);
      const rest = two(s + 4);
      if (hours > 23 || rest > 59) return NaN;
      const offset = <i64>(hours * 60 + rest);
      minutes -= zone == 43 ? offset : -offset;
      s += 6;
    }
    if (s != e) return NaN;
  }
  // Exact in int64, then one rounding.
  return <f64>((minutes * 60 + <i64>second) * 1_000_000_000 + nanos) / 86_400e9;
}
