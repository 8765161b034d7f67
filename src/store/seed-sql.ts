/**
 * A number from 0 up to 1 that is always the same for a row, a seed and a purpose: made-up data are the same on every
 * machine. `$1` is the seed.
 */
export const chance = (row: string, purpose: number): string =>
  `((hashint8extended((${row})::bigint, $1::bigint * 1000 + ${String(purpose)}) & 1048575) / 1048576::float8)`

/** One of `count`, from 0. */
export const pick = (row: string, purpose: number, count: string): string =>
  `floor(${chance(row, purpose)} * ${count})::int`

/** An id as the product makes them (UUID version 7), in the order of time. */
export const idAt = (at: string, key: string): string =>
  `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${key}), 1, 3) || '8' || substr(md5(${key}), 4, 15))::uuid`

/** An id that is always the same for a key. */
export const idOf = (key: string): string =>
  `(substr(md5(${key}), 1, 12) || '4' || substr(md5(${key}), 14, 3) || '8' || substr(md5(${key}), 18, 15))::uuid`

/** The part of a distribution in percent that `row` falls into: `[['a', 70], ['b', 30]]`. */
export const among = (
  row: string,
  purpose: number,
  shares: readonly (readonly [value: string, percent: number])[],
): string => {
  let sum = 0
  const cases = shares.map(([value, percent]) => {
    sum += percent
    return `when ${chance(row, purpose)} < ${String(sum / 100)} then '${value}'`
  })
  return `case ${cases.join(' ')} else '${shares[0]?.[0] ?? ''}' end`
}
